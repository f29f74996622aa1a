"""Sessions as lines of a CSV file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.answers.wire import findings
from servicekit.errors import ServiceError
from servicekit.media import MediaStore

COLUMNS = (
    "session_id", "candidate_name", "language", "state", "submitted", "answers", "policy", "rubric",
    "score", "verdict", "findings_to_review", "proposal", "review_state", "decision", "reviewer",
    "total_low", "total_high", "rate_by_hand", "problem",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNREADABLE = "The result cannot be read now. Export again later."
"""What stands in the last column where figures are there and could not be had."""


def _written(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[plain(cell) for cell in row] for row in rows])
    return text.getvalue()


def plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: a name may begin like one."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(_FORMULA) else cell


HEAD = _written([COLUMNS])


async def lines(sessions: Iterable[pb.Session], store: MediaStore) -> str:
    """One line for each session; figures are empty where there is no result, or where the line says a problem."""
    return _written([_row(session, *await _result(session, store)) for session in sessions])


async def _result(session: pb.Session, store: MediaStore) -> tuple[dict[str, Any], str]:
    if not session.result.uri:
        return {}, ""
    try:
        found: dict[str, Any] = json.loads(await store.read(session.result.uri))
    except ServiceError as error:
        return {}, "" if error.reason == "MEDIA_NOT_FOUND" else UNREADABLE  # the former was deleted meanwhile
    return found, ""


def _row(session: pb.Session, result: dict[str, Any], problem: str) -> tuple[object, ...]:
    return (
        session.session_id,
        session.candidate_name,
        session.language_code,
        pb.SessionState.Name(session.state).removeprefix("SESSION_STATE_").lower(),
        session.create_time.ToJsonString(),
        len(session.answers),
        session.policy,
        session.rubric,
        result.get("llm_results", {}).get("final_score_llm"),
        result.get("aggregate_cheating_detection", {}).get("final_aggregate_verdict"),
        sum(f["severity"] != "info" for _, f in findings(result)) if result else None,
        result.get("decision_proposal", {}).get("outcome"),
        pb.ReviewState.Name(session.review_state).removeprefix("REVIEW_STATE_").lower(),
        _decision(session.review),
        session.review.reviewer,
        result.get("decision_proposal", {}).get("total_low"),
        result.get("decision_proposal", {}).get("total_high"),
        _to_rate(result) if result else None,
        problem,
    )


def _to_rate(result: dict[str, Any]) -> int:
    """How many answers a person has to rate."""
    rated = [item["result"].get("penilaian") or {} for item in result.get("content", [])]
    return sum(bool(block.get("rate_by_hand")) for block in rated)


def _decision(review: pb.Review) -> str:
    return pb.Decision.Name(review.decision).removeprefix("DECISION_").lower() if review.decision else ""
