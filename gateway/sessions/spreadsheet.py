"""Sessions as lines of a CSV file."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.answers.wire import findings
from servicekit.errors import ServiceError
from servicekit.media import MediaStore

COLUMNS = (
    "session_id", "candidate_name", "language", "state", "submitted", "answers", "policy", "rubric",
    "score", "verdict", "findings_to_review", "proposal", "review_state", "decision", "reviewer",
    "total_low", "total_high", "rate_by_hand",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads a file that is opened by a double click in the system's own code page: names get broken."""


def _written(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[plain(cell) for cell in row] for row in rows])
    return text.getvalue()


def plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: a name may begin like one, in full-width signs too.

    Spreadsheets of East Asian languages take `＝` for `=`; invisible characters before it hide it from people only.
    """
    if not isinstance(cell, str):
        return cell
    seen = unicodedata.normalize("NFKC", cell)
    visible = seen.lstrip("".join({c for c in seen if c.isspace() or unicodedata.category(c) == "Cf"}))
    starts = visible.startswith(_FORMULA) or cell.startswith(("\t", "\r", "\n"))
    return f"'{cell}" if starts else cell


HEAD = _BYTE_ORDER_MARK + _written([COLUMNS])


async def lines(sessions: Iterable[pb.Session], store: MediaStore) -> str:
    """One line for each session; figures are empty where there is no result."""
    return _written([_row(session, await _result(session, store)) for session in sessions])


async def _result(session: pb.Session, store: MediaStore) -> dict[str, Any]:
    if not session.result.uri:
        return {}
    try:
        found: dict[str, Any] = json.loads(await store.read(session.result.uri))
    except ServiceError:
        return {}  # deleted meanwhile
    return found


def _row(session: pb.Session, result: dict[str, Any]) -> tuple[object, ...]:
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
    )


def _to_rate(result: dict[str, Any]) -> int:
    """How many answers a person has to rate."""
    rated = [item["result"].get("penilaian") or {} for item in result.get("content", [])]
    return sum(bool(block.get("rate_by_hand")) for block in rated)


def _decision(review: pb.Review) -> str:
    return pb.Decision.Name(review.decision).removeprefix("DECISION_").lower() if review.decision else ""
