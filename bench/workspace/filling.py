"""A job with many candidates, and results for some of them."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import insert

from bench.gateway.front import Front
from bench.gateway.pages import RECORDED
from orchestrator.database import open_engine
from orchestrator.fusion.published.headline import headline
from orchestrator.reviews.tables import ReviewRow, ReviewState
from orchestrator.sessions.states import SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings

BATCH, COMPARED, ANSWERS = 500, 4, 5
JOB = {"title": "Customer service", "language": "en", "questions": [{"text": "Tell us about yourself."}]}


async def job_of(front: Front, count: int) -> tuple[str, list[str]]:
    """A job with `count` candidates, of whom a third are decided; its id and those of four sessions."""
    async with httpx.AsyncClient(base_url=front.url, trust_env=False, timeout=60) as http:
        job_id = str((await http.post("/v1/jobs", json=JOB)).raise_for_status().json()["job_id"])
    rows = list(_candidates(job_id, count, random.Random(7)))
    decided = [_decision(row) for row in rows if row["review_state"] == ReviewState.DECIDED]
    engine = open_engine(front.database)
    async with engine.begin() as connection:
        for start in range(0, count, BATCH):
            await connection.execute(insert(SessionRow), rows[start : start + BATCH])
        if decided:
            await connection.execute(insert(ReviewRow), decided)
    await engine.dispose()
    return job_id, [str(row["id"]) for row in rows[:COMPARED]]


async def publish(front: Front, session_ids: list[str]) -> int:
    """Give sessions a recorded result of five answers; returns how many questions that makes."""
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(front.objects)))
    sessions = SessionStore(open_engine(front.database))
    recorded: dict[str, Any] = json.loads((RECORDED / "result.json").read_text())
    whole = [item for item in recorded["content"] if item["result"]["error"] is None]
    asked = [whole[n % len(whole)] | {"id": n + 1, "question": f"Question {n + 1}?"} for n in range(ANSWERS)]
    for session_id in session_ids:
        content = json.dumps(recorded | {"session": session_id, "content": asked}).encode()
        written = await media.write(f"results/{session_id}.json", content)
        kept, shown = timedelta(days=1), asdict(headline(content))
        await sessions.publish(session_id, SessionState.COMPLETED, "Completed.", written, kept, shown)
    await sessions.close()
    return ANSWERS


def _candidates(job_id: str, count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    begin = datetime.now(UTC) - timedelta(days=20)
    for n in range(count):
        at, name = begin + timedelta(minutes=n), f"Candidate {chance.randrange(16**6):06x}"
        total = round(min(max(chance.gauss(65, 15), 0), 100), 2)
        yield {
            "id": uuid.UUID(int=chance.getrandbits(128)).hex,
            "request_sha256": "0" * 64,
            "candidate_name": name,
            "candidate_search": name.lower(),
            "language": "en",
            "state": SessionState.COMPLETED,
            "message": "Completed.",
            "created_at": at,
            "updated_at": at,
            "started_at": at,
            "ended_at": at,
            "policy": "default",
            "job_id": job_id,
            "job_version": 1,
            "review_state": ReviewState.DECIDED if n % 3 == 0 else ReviewState.OPEN,
            "outcome": "pass" if total >= 70 else "consider" if total >= 60 else "fail",
            "total": total,
            "total_low": max(total - 9, 0),
            "total_high": min(total + 7, 100),
            "info_findings": chance.randrange(4),
            "review_findings": chance.randrange(3),
            "serious_findings": int(chance.random() < 0.05),
        }


def _decision(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "session_id": row["id"],
        "reviewer": "Rina",
        "decision": row["outcome"],
        "reason": "As the answers show.",
        "overrides": [],
        "proposal": row["outcome"],
        "result_sha256": "0" * 64,
        "created_at": row["ended_at"],
    }
