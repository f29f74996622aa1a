"""Getting a recording ready, and getting rid of it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
from temporalio import activity

from orchestrator import artefacts
from orchestrator.activities.stage import stage
from orchestrator.download.downloader import Downloader
from orchestrator.policies.policy import DEFAULT, Policy
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow
from orchestrator.workflows.inputs import AnswerInput, Prepared, PrepareInput
from servicekit.decoding import MediaProbe, probe, write_flac
from servicekit.errors import ServiceError, at_capacity, field_invalid, media_not_found
from servicekit.media import Media, MediaStore

DEFAULT_DOWNLOADS = 4
DOWNLOAD_RETRY_S = 3.0


class RecordingActivities:
    """`fetch`, `prepare` and `clean_up`."""

    def __init__(
        self,
        store: SessionStore,
        media: MediaStore,
        downloader: Downloader,
        max_duration_s: float,
        max_downloads: int = DEFAULT_DOWNLOADS,
    ) -> None:
        """Refuse recordings longer than `max_duration_s` seconds; download `max_downloads` at a time."""
        self._store, self._media, self._downloader = store, media, downloader
        self._max_duration_s, self._max_downloads = max_duration_s, max_downloads
        self._downloading = 0

    @activity.defn(name="fetch")
    async def fetch(self, answer: AnswerInput) -> Media:
        """The recording in the object store, downloaded first when the answer came as a URL."""
        row = await answer_row(self._store, answer)
        if row.media is not None:
            return Media(**row.media)  # type: ignore[arg-type]
        async with stage(self._store, answer, "fetch"):
            key = artefacts.answer_key(answer, artefacts.VIDEO)
            with self._a_download():
                found = await self._media.write(key, self._downloader.stream(row.url))
            await self._store.set_media(answer.session_id, answer.index, found)
            return found

    @contextmanager
    def _a_download(self) -> Iterator[None]:
        """Raise CAPACITY where enough are running: servers that drip must not hold all of a worker's slots.

        The slot is given back at once and the stage tried again later, as with a service that is full.
        """
        if self._downloading >= self._max_downloads:
            raise at_capacity(DOWNLOAD_RETRY_S)
        self._downloading += 1
        try:
            yield
        finally:
            self._downloading -= 1

    @activity.defn(name="prepare")
    async def prepare(self, request: PrepareInput) -> Prepared:
        """Look into the recording and extract its sound as 16 kHz mono FLAC."""
        async with stage(self._store, request.answer, "prepare"), self._media.local_file(request.video) as path:
            found = await asyncio.to_thread(probe, path)
            if found.duration_s > self._max_duration_s:
                limit = f"{self._max_duration_s / 60:.0f} minutes"
                raise field_invalid("video", f"is longer than the {limit} that are accepted; cut it and submit again")
            sound = await self._sound(request.answer, path, found)
            return Prepared(request.video if found.has_video else None, sound, found.duration_s)

    @activity.defn(name="clean_up")
    async def clean_up(self, answer: AnswerInput) -> None:
        """Delete the recording and its sound; evidence stays."""
        await delete_recording(self._media, answer)
        await self._store.set_media(answer.session_id, answer.index, None)

    async def _sound(self, answer: AnswerInput, path: Path, found: MediaProbe) -> Media | None:
        if not found.has_audio:
            return None
        with tempfile.TemporaryDirectory(prefix="interview-") as folder:
            target = Path(folder) / "sound.flac"
            try:
                await asyncio.to_thread(write_flac, path, target)
            except ServiceError as error:
                if not found.has_video:
                    raise
                activity.logger.info("sound track unusable", extra={"reason": error.reason})
                return None
            return await self._media.write_file(artefacts.answer_key(answer, artefacts.SOUND), target, "audio/flac")


async def session_policy(store: SessionStore, session_id: str, policies: Mapping[str, Policy]) -> Policy:
    """The policy that a session follows. Raises MEDIA_NOT_FOUND when the session is gone, POLICY_MISSING."""
    row = await store.get(session_id)
    if row is None:
        raise media_not_found(session_id)
    name = row.policy or DEFAULT
    if name not in policies:
        message = f"The policy {name} is not in INTERVIEW_POLICIES of the worker. Put its file back."
        raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "POLICY_MISSING", message)
    return policies[name]


async def answer_row(store: SessionStore, answer: AnswerInput) -> AnswerRow:
    """The answer's row. Raises MEDIA_NOT_FOUND when its session was deleted."""
    session = await store.get(answer.session_id)
    if session is None:
        raise media_not_found(answer.session_id)
    return session.answers[answer.index]


async def delete_recording(media: MediaStore, answer: AnswerInput) -> None:
    """Delete video and sound of one answer: what was downloaded, and what was uploaded."""
    for name in (artefacts.VIDEO, artefacts.SOUND):
        await media.delete(media.uri(artefacts.answer_key(answer, name)))
    await media.delete_prefix(artefacts.answer_key(answer, artefacts.UPLOAD))
