"""A person's decision about a session: who has looked at what, what they decided, and a candidate's objection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import grpc
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.audit.store import AuditStore
from orchestrator.audit.tables import AuditAction, AuditRow, audit_row
from orchestrator.fusion.published import proposed_outcome
from orchestrator.playback.deletion import delete_over
from orchestrator.reviews.store import REASONS_KEPT, ReviewStore
from orchestrator.reviews.tables import ReviewRow
from orchestrator.reviews.wire import override_value
from orchestrator.sessions.request import check_text
from orchestrator.sessions.search import composed
from orchestrator.sessions.states import AnswerState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError, field_invalid
from servicekit.media import Media, MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()
MAX_NAME, MAX_REASON, MAX_OVERRIDE_REASON, MAX_OVERRIDES = 200, 4_000, 1_000, 200
DECISIONS = {pb.DECISION_PASS: "pass", pb.DECISION_CONSIDER: "consider", pb.DECISION_FAIL: "fail"}
VERDICTS = ("Safe", "Medium Risk", "High Risk")


class Reviews:
    """Decisions on published sessions. Every method raises FIELD_INVALID for what it cannot take."""

    def __init__(self, store: SessionStore, media: MediaStore, reasons_kept: timedelta = REASONS_KEPT) -> None:
        """Decisions go to `store`; the results that they are about are in `media`. Reasons outlive both for a time."""
        self._store, self._media = store, media
        self._reviews, self._audit = ReviewStore(store, reasons_kept), AuditStore(store)

    async def open_evidence(self, session: SessionRow, answer_index: int, reviewer: str) -> Media:
        """Record who looks at an answer, and return the published result. Raises NO_RESULT."""
        check_text("reviewer", reviewer, 1, MAX_NAME)
        if not 0 <= answer_index < len(session.answers):
            raise field_invalid("answer_index", f"must be 0 to {len(session.answers) - 1}")
        result = _result(session)
        await self._audit.add(
            audit_row(session.id, composed(reviewer), AuditAction.EVIDENCE_OPENED, answer_index=answer_index)
        )
        return result

    async def record(self, session: SessionRow, review: pb.Review) -> None:
        """Record a decision. Raises NO_RESULT, EVIDENCE_NOT_OPENED."""
        _check(review, len(session.answers))
        result, reviewer = _result(session), composed(review.reviewer)
        if unseen := unopened(session, await self._audit.entries(session.id), reviewer):
            raise _not_opened(reviewer, unseen)
        row = ReviewRow(
            session_id=session.id,
            reviewer=reviewer,
            decision=DECISIONS[review.decision],
            reason=review.reason.strip(),
            overrides=[override_value(o) for o in review.overrides],
            proposal=await self._proposal(result),
            result_sha256=result.sha256,
            created_at=datetime.now(UTC),
        )
        await self._reviews.add(row)
        await self._end_playback(session.id)

    async def _end_playback(self, session_id: str) -> None:
        """Delete what could be played until the decision; where that fails, a sweep does it. Nobody is given it."""
        try:
            await delete_over(self._store, self._media, session_id)
        except ServiceError as error:
            log.warning("playback not deleted", session_id=session_id, reason=error.reason)

    async def contest(self, session: SessionRow, actor: str, objection: str, by_link: bool = False) -> None:
        """Record an objection to a decision; `by_link`: by the candidate themselves. Raises NOT_DECIDED."""
        check_text("actor", actor, 1, MAX_NAME)
        check_text("objection", objection, 1, MAX_REASON)
        if not await self._reviews.add_objection(session.id, composed(actor), objection.strip(), by_link):
            raise ServiceError(
                grpc.StatusCode.FAILED_PRECONDITION,
                "NOT_DECIDED",
                "There is no decision to object to, or it is contested already.",
            )

    async def _proposal(self, result: Media) -> str:
        return proposed_outcome(await self._media.read(result.uri))


def unopened(session: SessionRow, audit: Sequence[AuditRow], reviewer: str) -> list[int]:
    """Usable answers whose evidence a person has not opened since it was published or contested, by index."""
    since = max(moment for moment in (session.ended_at, session.contested_at) if moment is not None)
    seen = {
        entry.answer_index
        for entry in audit
        if entry.action == AuditAction.EVIDENCE_OPENED and entry.actor == reviewer and entry.at >= since
    }
    usable = (AnswerState.COMPLETED, AnswerState.PARTIAL)
    return [a.index for a in session.answers if a.state in usable and a.index not in seen]


def _result(session: SessionRow) -> Media:
    if session.result is None:
        raise ServiceError(
            grpc.StatusCode.FAILED_PRECONDITION,
            "NO_RESULT",
            "The session has no result yet, so nothing can be decided.",
        )
    return Media(**session.result)  # type: ignore[arg-type]


def _check(review: pb.Review, answer_count: int) -> None:
    check_text("review.reviewer", review.reviewer, 1, MAX_NAME)
    check_text("review.reason", review.reason, 1, MAX_REASON)
    if review.decision not in DECISIONS:
        raise field_invalid("review.decision", "must be one of pass, consider, fail")
    if len(review.overrides) > MAX_OVERRIDES:
        raise field_invalid("review.overrides", f"must be at most {MAX_OVERRIDES}")
    for index, override in enumerate(review.overrides):
        _check_override(f"review.overrides[{index}]", override, answer_count)


def _check_override(name: str, override: pb.Override, answer_count: int) -> None:
    if not 0 <= override.answer_index < answer_count:
        raise field_invalid(f"{name}.answer_index", f"must be 0 to {answer_count - 1}")
    check_text(f"{name}.reason", override.reason, 1, MAX_OVERRIDE_REASON)
    match override.kind:
        case pb.OVERRIDE_KIND_FINDING_DISMISSED:
            check_text(f"{name}.target", override.target, 1, MAX_NAME)
        case pb.OVERRIDE_KIND_SCORE:
            check_text(f"{name}.target", override.target, 1, MAX_NAME)
            if not _is_score(override.value):
                raise field_invalid(f"{name}.value", "must be a number from 0 to 100")
        case pb.OVERRIDE_KIND_VERDICT:
            if override.value not in VERDICTS:
                raise field_invalid(f"{name}.value", f"must be one of {', '.join(VERDICTS)}")
        case _:
            raise field_invalid(f"{name}.kind", "must be a finding that is dismissed, a score or a verdict")


def _is_score(value: str) -> bool:
    try:
        return 0 <= float(value) <= 100
    except ValueError:
        return False


def _not_opened(reviewer: str, indices: Sequence[int]) -> ServiceError:
    listed = ", ".join(str(index + 1) for index in indices)
    return ServiceError(
        grpc.StatusCode.FAILED_PRECONDITION,
        "EVIDENCE_NOT_OPENED",
        f"Open the evidence of every answer before deciding; not opened yet: answer {listed}.",
        {"answers": ",".join(map(str, indices))},
    )
