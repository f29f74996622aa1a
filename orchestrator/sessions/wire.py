"""From rows to the messages of `OrchestratorService`."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any, Protocol

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.reviews.wire import review_message
from orchestrator.sessions.retries import can_retry
from orchestrator.sessions.states import PlaybackState
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.translations import store as translations
from orchestrator.wire import message
from servicekit.errors import field_invalid
from servicekit.media import Media
from servicekit.wire import media_message, timestamp

_ID = re.compile(r"[0-9a-f]{32}")


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


def _playback_message(answer: AnswerRow) -> pb.Playback | None:
    """What can be played of an answer; None where its policy keeps nothing."""
    if not answer.playback_state:
        return None
    state, end = pb.PlaybackState.Value(f"PLAYBACK_STATE_{answer.playback_state}"), answer.playback_end_at
    found = pb.Playback(state=state, expire_time=timestamp(end))
    if answer.playback_state == PlaybackState.READY and answer.playback is not None:
        media = Media(**answer.playback)  # type: ignore[arg-type]
        found.media.CopyFrom(media_message(media))
        found.content_type = media.content_type
    return found


class Listed(Protocol):
    """A row of a list that is newest first."""

    @property
    def id(self) -> Any: ...

    @property
    def created_at(self) -> Any: ...


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


def _answer_message(session: SessionRow, row: AnswerRow) -> pb.Answer:
    stages = [message(pb.Stage, stage) for stage in row.stages]
    retryable, playback = can_retry(session, row), _playback_message(row)
    return message(pb.Answer, row, stages=stages, retryable=retryable, playback=playback)
