"""Deleting copies of recordings whose time is over: by whoever ends it, and by the sweep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from orchestrator import artefacts
from orchestrator.playback import store as playbacks
from orchestrator.sessions.store import SessionStore
from orchestrator.workflows.inputs import AnswerInput
from servicekit.media import MediaStore

MOST = 500


async def delete_over(store: SessionStore, media: MediaStore, session_id: str = "") -> int:
    """Delete the copies, of a session or of all, that nobody may play any more; returns how many."""
    answers = await playbacks.over(store, datetime.now(UTC), MOST, session_id)
    await delete(store, media, answers)
    return len(answers)


async def delete(store: SessionStore, media: MediaStore, answers: Sequence[AnswerInput]) -> None:
    """Delete the copies of these answers, where there are any."""
    for answer in answers:
        await media.delete(media.uri(artefacts.answer_key(answer, artefacts.PLAYBACK)))
    await playbacks.deleted(store, answers)
