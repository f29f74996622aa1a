"""Submitting sessions and waiting for them."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from interview_client import InterviewClient, NewAnswer

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample"
ASK_S = 0.1
"""Between questions about a session: each is work for three processes, while the models need the processor."""
TRUTH: list[dict[str, Any]] = json.loads((SAMPLE / "interview.json").read_text())["answers"]


def sample_answer(index: int) -> NewAnswer:
    """One answer of the sample interview."""
    truth = TRUTH[index]
    return NewAnswer(SAMPLE / truth["file"], truth["question"], language=truth["language"])


def submit(client: InterviewClient, answers: Sequence[NewAnswer], language: str = "en", name: str = "A") -> str:
    """Start a session."""
    return client.submit(name, answers, language, policy="original")


def wait(client: InterviewClient, session_id: str) -> dict[str, Any]:
    """The last status of a session, translations included, as JSON."""
    while True:
        status = client.status(session_id).model_dump()
        if status["status"] in ("completed", "error") and not status["translating"]:
            return status
        time.sleep(0.5)


def assessed(client: InterviewClient, answers: Sequence[NewAnswer], language: str = "en") -> dict[str, Any]:
    """The result of a whole session."""
    session_id = submit(client, answers, language)
    wait(client, session_id)
    return client.results(session_id)


def stage_state(client: InterviewClient, session_id: str, stage: str, answer: int = 0) -> str:
    """Where a stage stands, lower case."""
    stages = client.status(session_id).model_dump()["videos"][answer]["stages"]
    return next((s["state"].lower() for s in stages if s["name"] == stage), "")


def wait_for_stage(client: InterviewClient, session_id: str, stage: str, state: str = "running") -> None:
    """Wait until a stage of the first answer stands where it should."""
    while stage_state(client, session_id, stage) != state:
        time.sleep(ASK_S)
