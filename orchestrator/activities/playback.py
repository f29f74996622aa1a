"""Copies of recordings that can be played: made after the result, one at a time a worker, and given up if they fail."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path

from temporalio import activity

from orchestrator import artefacts, evidence
from orchestrator.activities.recording import answer_row, session_policy
from orchestrator.activities.stage import heartbeating
from orchestrator.playback import store as playbacks
from orchestrator.playback.encoder import encode
from orchestrator.policies.policy import Policy
from orchestrator.sessions.states import PlaybackState
from orchestrator.sessions.store import SessionStore
from orchestrator.workflows.inputs import AnswerInput
from servicekit.errors import at_capacity, media_not_found
from servicekit.media import Media, MediaStore
from servicekit.recording.limits import DEFAULT as DEFAULT_LIMITS
from servicekit.recording.limits import Limits
from servicekit.scratch import scratch_folder
from servicekit.telemetry.logs import get_logger

log = get_logger()
BUSY_RETRY_S = 5.0


class PlaybackActivities:
    """`next_playback`, `make_playback` and `give_up_playback`."""

    def __init__(
        self,
        store: SessionStore,
        media: MediaStore,
        policies: Mapping[str, Policy],
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """Rows are in `store`, recordings in `media`; those over `limits` are refused."""
        self._store, self._media, self._policies, self._limits = store, media, policies, limits
        self._busy = False

    @activity.defn(name="next_playback")
    async def next_playback(self, session_id: str) -> AnswerInput | None:
        """The first answer whose recording is to be copied; None when there is none (any more)."""
        return await playbacks.next_pending(self._store, session_id)

    @activity.defn(name="make_playback")
    async def make_playback(self, answer: AnswerInput) -> None:
        """Make the copy, unless it is there or nobody may play it any more."""
        row = await answer_row(self._store, answer)
        if row.playback_state != PlaybackState.PENDING:
            return
        if row.media is None:
            raise media_not_found(answer.session_id)
        async with heartbeating():
            if self._busy:  # the slot is given back: others may have something quicker to do
                raise at_capacity(BUSY_RETRY_S)
            self._busy = True
            try:
                await self._make(answer, Media(**row.media))  # type: ignore[arg-type]
            finally:
                self._busy = False

    async def _make(self, answer: AnswerInput, recording: Media) -> None:
        policy = await session_policy(self._store, answer.session_id, self._policies)
        watched = await self._watched(answer)
        async with self._media.local_file(recording) as source:
            with scratch_folder() as folder:
                target = folder / artefacts.PLAYBACK
                content_type = await self._encoded(source, target, watched)
                key = artefacts.answer_key(answer, artefacts.PLAYBACK)
                made = await self._media.write_file(key, target, content_type)
        if not await playbacks.keep(self._store, answer, made, policy):
            await self._media.delete(made.uri)

    async def _encoded(self, source: Path, target: Path, watched: int | None) -> str:
        stopped = threading.Event()
        try:
            return await asyncio.to_thread(encode, source, target, self._limits, watched, stopped.is_set)
        finally:
            stopped.set()  # where this is cancelled, the thread ends soon

    async def _watched(self, answer: AnswerInput) -> int | None:
        """The picture track that was assessed, which is the one to show."""
        uri = self._media.uri(artefacts.answer_key(answer, artefacts.EVIDENCE))
        if not await self._media.exists(uri):
            return None
        found = evidence.from_json(evidence.AnswerEvidence, await self._media.read(uri))
        return found.vision.track.index if found.vision and found.vision.track else None

    @activity.defn(name="give_up_playback")
    async def give_up_playback(self, answer: AnswerInput) -> None:
        """Record that there will be no copy, and leave no part of one."""
        log.warning("no playback", session_id=answer.session_id, answer=answer.index)
        await self._media.delete(self._media.uri(artefacts.answer_key(answer, artefacts.PLAYBACK)))
        await playbacks.give_up(self._store, answer)
