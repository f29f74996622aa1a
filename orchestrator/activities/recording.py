"""Getting a recording ready, and getting rid of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from temporalio import activity

from orchestrator import artefacts, evidence
from orchestrator.activities.stage import stage
from orchestrator.download.downloader import Downloader
from orchestrator.policies import store as policy_store
from orchestrator.policies.policy import Policy
from orchestrator.sessions.states import PlaybackState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow
from orchestrator.workflows.inputs import AnswerInput, Prepared, PrepareInput
from servicekit.decoding import MediaProbe, SoundReader, write_sound
from servicekit.errors import ServiceError, at_capacity, field_invalid, media_not_found
from servicekit.media import Media, MediaStore
from servicekit.recording.limits import DEFAULT as DEFAULT_LIMITS
from servicekit.recording.limits import Limits
from servicekit.scratch import scratch_folder
from servicekit.wire import Span


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a recording holds, and the parts of its sound that are missing; None where no sound was written."""

    probe: MediaProbe
    missing: tuple[Span, ...] | None


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
        at_once: int,
        limits: Limits = DEFAULT_LIMITS,
        max_downloads: int = DEFAULT_DOWNLOADS,
    ) -> None:
        """Refuse recordings longer than `max_duration_s` seconds, and those over `limits`; have `at_once` of them on
        the disk at most; download `max_downloads` at a time.
        """
        self._store, self._media, self._downloader = store, media, downloader
        self._max_duration_s, self._limits, self._room = max_duration_s, limits, asyncio.Semaphore(at_once)
        self._max_downloads, self._downloading = max_downloads, 0

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
        async with (
            stage(self._store, request.answer, "prepare"),
            self._room,
            self._media.local_file(request.video) as path,
            _folder() as folder,
        ):
            target = folder / "sound.flac"
            found = await asyncio.to_thread(extract, path, target, self._check, self._limits)
            sound = None
            if found.missing is not None:
                key = artefacts.answer_key(request.answer, artefacts.SOUND)
                sound = await self._media.write_file(key, target, "audio/flac")
            recording = await self._recorded(request.answer, found)
            video = request.video if found.probe.has_video else None
            return Prepared(video, sound, found.probe.duration_s, recording)

    @activity.defn(name="clean_up")
    async def clean_up(self, answer: AnswerInput) -> None:
        """Delete the recording and its sound, unless a stage that failed may be run again, or what can be played of it
        is still to be made; evidence stays.
        """
        row = await answer_row(self._store, answer)
        if row.playback_state == PlaybackState.PENDING:
            return
        if row.recording_end_at is None or row.recording_end_at <= datetime.now(UTC):
            await delete_recording(self._media, answer)
            await self._store.set_media(answer.session_id, answer.index, None)

    def _check(self, found: MediaProbe) -> None:
        if found.duration_s > self._max_duration_s:
            limit = f"{self._max_duration_s / 60:.0f} minutes"
            raise field_invalid("video", f"is longer than the {limit} that are accepted; cut it and submit again")

    async def _recorded(self, answer: AnswerInput, found: Extracted) -> Media:
        """Write down what the recording holds."""
        recording = evidence.Recording(found.probe.duration_s, found.probe.sound, found.missing or ())
        key = artefacts.answer_key(answer, artefacts.RECORDING)
        return await self._media.write(key, evidence.to_json(recording), "application/json")


@asynccontextmanager
async def _folder() -> AsyncIterator[Path]:
    with scratch_folder() as folder:
        yield folder


def extract(path: Path, target: Path, check: Callable[[MediaProbe], None], limits: Limits) -> Extracted:
    """Look into a recording, let `check` refuse it, and write its sound to `target`; blocking.

    Sound that cannot be used is none where there is a picture. Raises MEDIA_UNREADABLE, and what `check` raises.
    """
    with closing(SoundReader(path, limits=limits)) as reader:
        check(reader.probe)
        if not reader.probe.has_audio:
            return Extracted(reader.probe, None)
        try:
            write_sound(reader, target)
        except ServiceError as error:
            if not reader.probe.has_video or error.retryable:
                raise
            activity.logger.info("sound track unusable", extra={"reason": error.reason})
            return Extracted(reader.probe, None)
        return Extracted(reader.probe, reader.missing)


async def session_policy(store: SessionStore, session_id: str, policies: Mapping[str, Policy]) -> Policy:
    """The policy that a session was submitted under. Raises MEDIA_NOT_FOUND when it is gone, POLICY_MISSING."""
    row = await store.get(session_id)
    if row is None:
        raise media_not_found(session_id)
    return await policy_store.of_session(store, row, policies)


async def answer_row(store: SessionStore, answer: AnswerInput) -> AnswerRow:
    """The answer's row. Raises MEDIA_NOT_FOUND when its session was deleted."""
    session = await store.get(answer.session_id)
    if session is None:
        raise media_not_found(answer.session_id)
    return session.answers[answer.index]


async def made(store: SessionStore, media: MediaStore, answer: AnswerInput, stage: str, name: str) -> Media | None:
    """The artefact `name` of a stage that has ended well: before its session went on, or in a try nobody heard of."""
    row = await answer_row(store, answer)
    found = media.uri(artefacts.answer_key(answer, name))
    ended = any(s.name == stage and s.state == StageState.COMPLETED for s in row.stages)
    return Media(found) if ended and await media.exists(found) else None


async def delete_recording(media: MediaStore, answer: AnswerInput) -> None:
    """Delete video and sound of one answer: what was downloaded, and what was uploaded."""
    for name in (artefacts.VIDEO, artefacts.SOUND):
        await media.delete(media.uri(artefacts.answer_key(answer, name)))
    await media.delete_prefix(artefacts.answer_key(answer, artefacts.UPLOAD))
