"""Running an answer again whose stages failed, as long as its recording is kept."""

from __future__ import annotations

import grpc
from sqlalchemy import update

from orchestrator.audit.tables import SYSTEM, AuditAction, audit_row
from orchestrator.policies.policy import Policy
from orchestrator.sessions.states import ENDED_ANSWER, AnswerState, PlaybackState, SessionState, StageState
from orchestrator.sessions.store import SessionStore, touch
from orchestrator.sessions.tables import AnswerRow, SessionRow, StageRow
from servicekit.errors import ServiceError

WITHOUT_RECORDING = "translate"
"""The stage that is asked for by itself: see `orchestrator.translations`."""


def can_retry(session: SessionRow, answer: AnswerRow) -> bool:
    """Whether running an answer again may give it what it lacks."""
    return session.state in (SessionState.COMPLETED, SessionState.FAILED) and _lacks(session, answer) and _kept(answer)


async def retry(store: SessionStore, session: SessionRow, index: int, policy: Policy) -> None:
    """Let an answer be run again; what is left to do stands in the rows, and its start is owed.

    Raises ANSWER_NOT_FOUND, NOT_ENDED, NOTHING_TO_RETRY, RECORDING_DELETED.
    """
    answer = _checked(session, index)
    async with store.transaction() as db:
        changed = await db.execute(
            update(SessionRow)
            .where(SessionRow.id == session.id, SessionRow.state == session.state)
            .values(state=SessionState.PENDING, message="Waiting to go on.", started_at=None, retention_end_at=None)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise _not_ended()
        await db.execute(
            update(AnswerRow)
            .where(AnswerRow.session_id == session.id, AnswerRow.index == index)
            .values(state=AnswerState.PENDING, error_reason="", error_message="", recording_end_at=None)
            .values(**_played_again(answer))
        )
        again = {"fraction": 0.0, "started_at": None, "ended_at": None, "error_reason": "", "error_message": ""}
        await db.execute(
            update(StageRow)
            .where(StageRow.session_id == session.id, StageRow.answer_index == index)
            .where(StageRow.name.in_(_stages_again(answer, policy)))
            .values(state=StageState.PENDING, **again)
        )
        db.add(audit_row(session.id, SYSTEM, AuditAction.RETRIED, answer_index=index))
        await touch(db, session.id)


def _checked(session: SessionRow, index: int) -> AnswerRow:
    if not 0 <= index < len(session.answers):
        message = "The session has no such answer. They are counted from 0."
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "ANSWER_NOT_FOUND", message)
    answer = session.answers[index]
    if session.state not in (SessionState.COMPLETED, SessionState.FAILED):
        raise _not_ended()
    if not _lacks(session, answer):
        message = "No stage of this answer failed, so there is nothing to run again."
        raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "NOTHING_TO_RETRY", message)
    if not _kept(answer):
        message = "The recording of this answer is deleted. Submit the session again."
        raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "RECORDING_DELETED", message)
    return answer


def _lacks(session: SessionRow, answer: AnswerRow) -> bool:
    # A session that failed without a result was lost by a fault of ours, whatever its answers have.
    return bool(_failed(answer)) or (session.state == SessionState.FAILED and session.result is None)


def _failed(answer: AnswerRow) -> set[str]:
    failed = {stage.name for stage in answer.stages if stage.state == StageState.FAILED} - {WITHOUT_RECORDING}
    return failed or ({"fuse"} if answer.state == AnswerState.FAILED else set())


def _kept(answer: AnswerRow) -> bool:
    return answer.media is not None or bool(answer.url)


def _stages_again(answer: AnswerRow, policy: Policy) -> set[str]:
    """What failed, and what could not be done without it."""
    failed = _failed(answer)
    ended = {"fuse"} if answer.state in ENDED_ANSWER else set()
    after = {"evaluate"} if failed & {"fetch", "prepare", "transcribe"} else set()
    if after and policy.translation == "after_result":
        after.add(WITHOUT_RECORDING)
    skipped = {s.name for s in answer.stages if s.state == StageState.SKIPPED}
    return failed | ended | (after & skipped)


def _played_again(answer: AnswerRow) -> dict[str, str]:
    """What could not be made of the recording to be played is tried again with the rest."""
    return {"playback_state": PlaybackState.PENDING} if answer.playback_state == PlaybackState.FAILED else {}


def _not_ended() -> ServiceError:
    message = "The session has not ended. Wait until it has."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "NOT_ENDED", message)
