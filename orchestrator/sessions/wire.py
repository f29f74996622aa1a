"""From rows to the messages of `OrchestratorService`."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any, Protocol

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.reviews.wire import review_message
from orchestrator.sessions.tables import AnswerRow, SessionRow, StageRow
from orchestrator.translations import store as translations
from servicekit.errors import field_invalid
from servicekit.media import Media
from servicekit.wire import media_message, timestamp

_ID = re.compile(r"[0-9a-f]{32}")


def session_message(row: SessionRow) -> pb.Session:
    """A session with its answers and stages."""
    return pb.Session(
        session_id=row.id,
        candidate_name=row.candidate_name,
        language_code=row.language,
        state=pb.SessionState.Value(f"SESSION_STATE_{row.state}"),
        message=row.message,
        answers=[_answer_message(a) for a in row.answers],
        create_time=timestamp(row.created_at),
        update_time=timestamp(row.updated_at),
        end_time=timestamp(row.ended_at),
        retention_end_time=timestamp(row.retention_end_at),
        result=media_message(Media(**row.result)) if row.result else None,  # type: ignore[arg-type]
        consent_reference=row.consent_reference,
        policy=row.policy,
        policy_sha256=row.policy_sha256,
        rubric=row.rubric,
        owner=row.owner,
        translating=len(translations.waiting(row)),
        review_state=pb.ReviewState.Value(f"REVIEW_STATE_{row.review_state}"),
        review=review_message(row.reviews[-1]) if row.reviews else None,
        objection=row.objection,
    )


class Listed(Protocol):
    """A row of a list that is newest first."""

    id: Any
    created_at: Any


def page_token(last: Listed) -> str:
    """The token of the page after `last`."""
    return base64.urlsafe_b64encode(f"{last.created_at.isoformat()} {last.id}".encode()).decode()


def page_token_value(token: str) -> tuple[datetime, str] | None:
    """Creation time and id of the last row of the page before. Raises FIELD_INVALID."""
    if not token:
        return None
    try:
        text, row_id = base64.urlsafe_b64decode(token.encode()).decode().split(" ")
        moment = datetime.fromisoformat(text).astimezone(UTC)  # the database's own limits are those of UTC
        if not _ID.fullmatch(row_id):
            raise ValueError("no id")
        return moment, row_id
    except (ValueError, OverflowError, binascii.Error):
        raise field_invalid("page_token", "is not a token from an earlier page") from None


def _answer_message(row: AnswerRow) -> pb.Answer:
    return pb.Answer(
        index=row.index,
        question=row.question,
        state=pb.AnswerState.Value(f"ANSWER_STATE_{row.state}"),
        stages=[_stage_message(s) for s in row.stages],
        error_reason=row.error_reason,
        error_message=row.error_message,
        position_id=row.position_id,
        file_name=row.file_name,
    )


def _stage_message(row: StageRow) -> pb.Stage:
    return pb.Stage(
        name=row.name,
        state=pb.StageState.Value(f"STAGE_STATE_{row.state}"),
        fraction=row.fraction,
        start_time=timestamp(row.started_at),
        end_time=timestamp(row.ended_at),
        error_reason=row.error_reason,
        error_message=row.error_message,
    )
