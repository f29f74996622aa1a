"""Which task queue an activity waits in: its service's, so that each service's backlog is a number of its own."""

from __future__ import annotations

WORKFLOWS = "workflows"
"""Workflows, and activities on rows, objects and recordings: the queue that starts name."""

SERVICE_OF = {
    "transcribe": "transcriber",
    "watch": "vision",
    "listen": "audio",
    **dict.fromkeys(("evaluate", "summarize", "translate", "translate_answer"), "judge"),
}
"""The service that an activity calls."""

QUEUES = (WORKFLOWS, *dict.fromkeys(SERVICE_OF.values()))


def queue_name(task_queue: str, queue: str) -> str:
    """A queue's name in Temporal, by that of the workflows."""
    return task_queue if queue == WORKFLOWS else f"{task_queue}-{queue}"


def queue_of(activity: str) -> str:
    """Where an activity waits."""
    return SERVICE_OF.get(activity, WORKFLOWS)
