"""Which task queue an activity waits in: its service's, so that each service's backlog is a number of its own. What a
workflow waits in is in `orchestrator.workflows.WORKFLOWS_OF`."""

from __future__ import annotations

WORKFLOWS = "workflows"
"""Workflows, and activities on rows, objects and recordings: the queue that starts name."""

RETENTION = "retention"
"""Deletions that wait until their time has come, a month as a rule: one for each session, apart from those at work."""

SERVICE_OF = {
    "transcribe": "transcriber",
    "watch": "vision",
    "listen": "audio",
    **dict.fromkeys(("evaluate", "summarize", "translate", "translate_answer"), "judge"),
}
"""The service that an activity calls."""

ERASING = ("retention_left", "stop_session", "erase_session")
"""Activities of deletions; they wait where their workflow does."""

QUEUES = (WORKFLOWS, RETENTION, *dict.fromkeys(SERVICE_OF.values()))


def queue_name(task_queue: str, queue: str) -> str:
    """A queue's name in Temporal, by that of the workflows."""
    return task_queue if queue == WORKFLOWS else f"{task_queue}-{queue}"


def queue_of(activity: str) -> str:
    """Where an activity waits; that of the workflows stands for its workflow's own queue."""
    return SERVICE_OF.get(activity, WORKFLOWS)


def taken_in(queue: str, activity: str) -> bool:
    """Whether workers of a queue take an activity. That of the workflows takes all: versions before the other queues
    left them there.
    """
    if queue == RETENTION:
        return activity in ERASING
    return queue in (WORKFLOWS, queue_of(activity))
