"""From rows to the messages of `OrchestratorService`."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.reviews.wire import review_message
from orchestrator.sessions.retrying import can_retry
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.translations import store as translations
from orchestrator.wire import message
from servicekit.errors import field_invalid
from servicekit.media import Media
from servicekit.wire import media_message


def session_message(row: SessionRow) -> pb.Session:
    """A session with its answers and stages."""
    return message(
        pb.Session,
        row,
        session_id=row.id,
        language_code=row.language,
        answers=[_answer_message(row, a) for a in row.answers],
        result=media_message(Media(**row.result)) if row.result else None,  # type: ignore[arg-type]
        translating=len(translations.waiting(row)),
        review=review_message(row.reviews[-1]) if row.reviews else None,
    )


def page_token(last: SessionRow) -> str:
    """The token of the page after `last`."""
    return base64.urlsafe_b64encode(f"{last.created_at.isoformat()} {last.id}".encode()).decode()


def page_token_value(token: str) -> tuple[datetime, str] | None:
    """Creation time and id of the last session of the page before. Raises FIELD_INVALID."""
    if not token:
        return None
    try:
        text, session_id = base64.urlsafe_b64decode(token.encode()).decode().split(" ")
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return moment, session_id
    except (ValueError, binascii.Error):
        raise field_invalid("page_token", "is not a token from an earlier page") from None


def _answer_message(session: SessionRow, row: AnswerRow) -> pb.Answer:
    stages = [message(pb.Stage, stage) for stage in row.stages]
    return message(pb.Answer, row, stages=stages, retryable=can_retry(session, row))
