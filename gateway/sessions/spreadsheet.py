"""Sessions as lines of a CSV file."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.published import Result
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.scores.rounding import final

COLUMNS = (
    "session_id", "candidate_name", "language", "state", "submitted", "answers", "policy", "rubric",
    "score", "verdict", "findings_to_review", "proposal", "review_state", "decision", "reviewer",
    "total_low", "total_high", "rate_by_hand", "problem",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads a file that is opened by a double click in the system's own code page: names get broken."""
BLIND = "Reviewed blind: rate it first, then look at the session."
UNREADABLE = "The result cannot be read now. Export again later."
"""What stands in the last column where figures are there and could not be had."""


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


async def lines(sessions: Iterable[pb.Session], store: MediaStore, blind: bool = False) -> str:
    """One line for each session; figures are empty where there is no result, or where the line says a problem.

    `blind`: so are those of sessions that are reviewed blind.
    """
    return _written([_row(session, *await _result(session, store, blind)) for session in sessions])


async def _result(session: pb.Session, store: MediaStore, blind: bool) -> tuple[Result | None, str]:
    if not session.result.uri:
        return None, ""
    if blind and session.blind:
        return None, BLIND
    try:
        return Result.model_validate_json(await store.read(session.result.uri)), ""
    except ServiceError as error:
        return None, "" if error.reason == "MEDIA_NOT_FOUND" else UNREADABLE  # the former was deleted meanwhile


def _row(session: pb.Session, result: Result | None, problem: str) -> tuple[object, ...]:
    proposed = result.decision_proposal if result else None
    return (
        session.session_id,
        session.candidate_name,
        session.language_code,
        pb.SessionState.Name(session.state).removeprefix("SESSION_STATE_").lower(),
        session.create_time.ToJsonString(),
        len(session.answers),
        session.policy,
        session.rubric,
        _final(proposed.total) if proposed else None,
        result.aggregate_cheating_detection.final_aggregate_verdict if result else None,
        sum(f.severity != "info" for _, f in result.findings()) if result else None,
        proposed.outcome if proposed else None,
        pb.ReviewState.Name(session.review_state).removeprefix("REVIEW_STATE_").lower(),
        "" if problem == BLIND else _decision(session.review),
        "" if problem == BLIND else session.review.reviewer,
        _final(proposed.total_low) if proposed else None,
        _final(proposed.total_high) if proposed else None,
        sum(answer.result.penilaian.rate_by_hand for answer in result.content) if result else None,
        problem,
    )


def _final(value: float | None) -> float | None:
    """Results of earlier versions have two digits."""
    return None if value is None else final(value)


def _decision(review: pb.Review) -> str:
    return pb.Decision.Name(review.decision).removeprefix("DECISION_").lower() if review.decision else ""
