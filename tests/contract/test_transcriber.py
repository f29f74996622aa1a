"""What every transcriber must hold to, over a real server: the same tests for the fake and the real one."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from interview.transcriber.v1 import transcriber_service_pb2 as pb
from interview.transcriber.v1 import transcriber_service_pb2_grpc as pb_grpc

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.errors import ServiceError, from_rpc_error
from servicekit.media import Media, MediaStore
from servicekit.server import Server
from servicekit.settings import StoreSettings
from servicekit.wire import Span, media_message, seconds, span_value
from services.transcriber.model import Event, Transcriber, TranscriptionInput
from services.transcriber.servicer import Servicer
from services.transcriber.settings import Settings
from services.transcriber.whisper import Whisper
from tests.contract.fakes.transcriber import FakeTranscriber
from tests.support.media import write_sound, write_video
from tests.support.serving import served
from tests.support.waiting import PAUSE_S, Watched

SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "answer_en.mp4"
SPEECH_S = 9.5
SETTINGS = Settings(port=0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A transcriber that is loaded already, so that every server does not load it again."""

    transcriber: Transcriber

    def load(self) -> None:
        pass

    def transcribe(self, request: TranscriptionInput) -> Generator[Event, None, None]:
        return self.transcriber.transcribe(request)


@pytest.fixture(scope="module", params=["fake", pytest.param("real", marks=pytest.mark.model)])
def model(request: pytest.FixtureRequest) -> Transcriber:
    found: Transcriber = FakeTranscriber() if request.param == "fake" else Whisper(SETTINGS)
    found.load()
    return Loaded(found)


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first two sentences of the sample's English answer."""
    sound = decode_sound(SAMPLE)[: round(SPEECH_S * SAMPLE_RATE_HZ)]
    return write_sound(tmp_path_factory.mktemp("transcriber") / "speech.flac", (sound * 32767).astype(np.int16))


@pytest.fixture(scope="module")
def broken_off(speech: Path) -> bytes:
    content = speech.read_bytes()
    return content[: len(content) // 2]


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))


@pytest.fixture
def servicer(model: Transcriber, store: MediaStore) -> Servicer:
    return Servicer(model, store, SETTINGS)


async def transcribe(
    channel: grpc.aio.Channel, media: Media, language: str = "en", options: pb.TranscribeOptions | None = None
) -> list[pb.TranscribeResponse]:
    request = pb.TranscribeRequest(media=media_message(media), language_code=language, options=options)
    return [message async for message in pb_grpc.TranscriberServiceStub(channel).Transcribe(request)]


async def refused(
    channel: grpc.aio.Channel, media: Media, language: str = "en", options: pb.TranscribeOptions | None = None
) -> ServiceError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await transcribe(channel, media, language, options)
    return from_rpc_error(caught.value)


def segments(messages: list[pb.TranscribeResponse]) -> list[pb.Segment]:
    return [message.segment for message in messages if message.WhichOneof("event") == "segment"]


class TestTranscriberContract:
    async def test_ends_with_exactly_one_summary(self, servicer: Servicer, store: MediaStore, speech: Path) -> None:
        media = await store.write_file("a.flac", speech)
        async with served(servicer, SETTINGS) as channel:
            messages = await transcribe(channel, media)
        kinds = [message.WhichOneof("event") for message in messages]
        summary = messages[-1].summary
        assert kinds.count("summary") == 1
        assert kinds[-1] == "summary"
        assert summary.model.name
        assert summary.model.version
        assert len(summary.model.sha256) == 64
        assert seconds(summary.usage.media_duration) == pytest.approx(SPEECH_S, abs=0.05)
        assert seconds(summary.usage.wall_time) > 0
        assert 1 < seconds(summary.speech_duration) <= SPEECH_S + 0.05
        assert (summary.quality, summary.quality_reason) == (pb.TRANSCRIPT_QUALITY_GOOD, "")

    async def test_figures_belong_to_the_segments(self, servicer: Servicer, store: MediaStore, speech: Path) -> None:
        media = await store.write_file("a.flac", speech)
        async with served(servicer, SETTINGS) as channel:
            messages = await transcribe(channel, media)
        found, summary = segments(messages), messages[-1].summary
        sure = [segment.confidence for segment in found]
        assert summary.word_count == sum(len(segment.words) for segment in found) > 5
        assert (summary.min_confidence, summary.max_confidence) == (min(sure), max(sure))
        assert min(sure) <= summary.confidence <= max(sure)
        assert [(s.language_code, s.share) for s in summary.languages] == [("en", 1.0)]
        for segment in found:
            assert segment.confidence == pytest.approx(np.mean([word.probability for word in segment.words]))
            assert 0 <= segment.no_speech_probability <= 1
            assert segment.avg_logprob <= 0
            assert segment.language_code == "en"
            assert all(0 <= word.probability <= 1 for word in segment.words)

    async def test_progress_rises(self, servicer: Servicer, store: MediaStore, speech: Path) -> None:
        media = await store.write_file("a.flac", speech)
        async with served(servicer, SETTINGS) as channel:
            messages = await transcribe(channel, media)
        steps = [message.progress.fraction for message in messages if message.WhichOneof("event") == "progress"]
        assert messages[0].WhichOneof("event") == "progress"
        assert steps == sorted(steps)
        assert 0 <= steps[0] < steps[-1] <= 1

    async def test_times_are_ordered_and_inside(self, servicer: Servicer, store: MediaStore, speech: Path) -> None:
        media = await store.write_file("a.flac", speech)
        async with served(servicer, SETTINGS) as channel:
            found = segments(await transcribe(channel, media))
        words = [span_value(word.span) for segment in found for word in segment.words]
        assert_in_order(words)
        assert_in_order([span_value(segment.span) for segment in found])
        for segment in found:
            first, last = segment.words[0].span, segment.words[-1].span
            assert (segment.span.start_offset, segment.span.end_offset) == (first.start_offset, last.end_offset)

    async def test_same_request_same_answer(self, servicer: Servicer, store: MediaStore, speech: Path) -> None:
        media = await store.write_file("a.flac", speech)
        async with served(servicer, SETTINGS) as channel:
            first, second = [_timeless(await transcribe(channel, media)) for _ in range(2)]
        assert first == second

    async def test_language_is_named_or_detected(self, servicer: Servicer, store: MediaStore, speech: Path) -> None:
        media = await store.write_file("a.flac", speech)
        async with served(servicer, SETTINGS) as channel:
            named = (await transcribe(channel, media, "en"))[-1].summary
            detected = (await transcribe(channel, media, ""))[-1].summary
        assert (named.language_code, named.language_probability) == ("en", 1.0)
        assert detected.language_code == "en"
        assert 0.5 < detected.language_probability <= 1

    async def test_silence_has_no_words(self, servicer: Servicer, store: MediaStore, tmp_path: Path) -> None:
        media = await store.write_file("a.wav", write_sound(tmp_path / "a.wav", np.zeros(32_000, np.int16)))
        async with served(servicer, SETTINGS) as channel:
            messages = await transcribe(channel, media)
        summary = messages[-1].summary
        assert segments(messages) == []
        assert summary.word_count == 0
        assert not any(summary.HasField(name) for name in ("confidence", "min_confidence", "max_confidence"))
        assert summary.quality == pb.TRANSCRIPT_QUALITY_INSUFFICIENT
        assert summary.quality_reason == "No speech was found."
        assert seconds(summary.speech_duration) == 0

    @pytest.mark.parametrize(
        ("field", "language", "options"),
        [
            ("language_code", "fr", None),
            ("options.initial_prompt", "en", pb.TranscribeOptions(initial_prompt="a" * 1001)),
        ],
    )
    async def test_bad_fields(
        self, servicer: Servicer, store: MediaStore, field: str, language: str, options: pb.TranscribeOptions | None
    ) -> None:
        async with served(servicer, SETTINGS) as channel:
            error = await refused(channel, Media(store.uri("a.mp4")), language, options)
        assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
        assert error.metadata["field"] == field

    async def test_options_are_taken(self, servicer: Servicer, store: MediaStore, speech: Path) -> None:
        media = await store.write_file("a.flac", speech)
        options = pb.TranscribeOptions(initial_prompt="Payments and orders.")
        async with served(servicer, SETTINGS) as channel:
            messages = await transcribe(channel, media, options=options)
        assert messages[-1].summary.word_count > 5

    async def test_missing_media(self, servicer: Servicer, store: MediaStore) -> None:
        async with served(servicer, SETTINGS) as channel:
            error = await refused(channel, Media(store.uri("nowhere.mp4")))
        assert (error.code, error.reason) == (grpc.StatusCode.NOT_FOUND, "MEDIA_NOT_FOUND")

    @pytest.mark.parametrize("content", [b"", b"These are words, but nobody says them.\n" * 40])
    async def test_unreadable_media(self, servicer: Servicer, store: MediaStore, content: bytes) -> None:
        media = await store.write("a.mp4", content)
        async with served(servicer, SETTINGS) as channel:
            error = await refused(channel, media)
        assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "MEDIA_UNREADABLE")

    async def test_no_sound_track(self, servicer: Servicer, store: MediaStore, tmp_path: Path) -> None:
        media = await store.write_file("a.mp4", write_video(tmp_path / "a.mp4", 1.0))
        async with served(servicer, SETTINGS) as channel:
            error = await refused(channel, media)
        assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "NO_AUDIO_STREAM")

    @pytest.mark.parametrize("uri", ["", "file:///etc/hostname", "s3://elsewhere/a.mp4"])
    async def test_media_outside_the_store(self, servicer: Servicer, uri: str) -> None:
        async with served(servicer, SETTINGS) as channel:
            error = await refused(channel, Media(uri))
        assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
        assert error.metadata["field"] == "media.uri"

    async def test_other_content(self, servicer: Servicer, store: MediaStore, speech: Path) -> None:
        media = await store.write_file("a.flac", speech)
        async with served(servicer, SETTINGS) as channel:
            other_hash = await refused(channel, Media(media.uri, media.size_bytes, "0" * 64))
            other_size = await refused(channel, Media(media.uri, media.size_bytes + 1))
        for error in (other_hash, other_size):
            assert (error.code, error.reason) == (grpc.StatusCode.DATA_LOSS, "MEDIA_CORRUPT")

    async def test_broken_off_sound_gives_what_is_there(
        self, servicer: Servicer, store: MediaStore, broken_off: bytes
    ) -> None:
        media = await store.write("a.flac", broken_off)
        async with served(servicer, SETTINGS) as channel:
            summary = (await transcribe(channel, media))[-1].summary
        assert summary.word_count > 2
        assert 3 < seconds(summary.usage.media_duration) < 7

    async def test_not_ready(self, servicer: Servicer, store: MediaStore) -> None:
        server = Server(servicer, SETTINGS)
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            error = await refused(channel, Media(store.uri("a.mp4")))
        await server.stop(0)
        assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "MODEL_NOT_READY")
        assert error.retry_after_s

    async def test_full_then_cancelled_then_free(
        self, model: Transcriber, store: MediaStore, speech: Path, tmp_path: Path
    ) -> None:
        watched: Any = Watched(model, "transcribe")
        long = np.tile((decode_sound(speech) * 32767).astype(np.int16), 12)
        media = await store.write_file("long.flac", write_sound(tmp_path / "long.flac", long))
        async with served(Servicer(watched, store, SETTINGS), SETTINGS) as channel:
            request = pb.TranscribeRequest(media=media_message(media), language_code="en")
            call = pb_grpc.TranscriberServiceStub(channel).Transcribe(request)
            await call.read()
            error = await refused(channel, media)
            assert (error.code, error.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "CAPACITY")
            assert error.retry_after_s
            call.cancel()
            await admitted(channel, store)
        assert watched.finished == 0


def assert_in_order(spans: list[Span]) -> None:
    edges = [edge for span in spans for edge in (span.start_s, span.end_s)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= SPEECH_S + 0.05


async def admitted(channel: grpc.aio.Channel, store: MediaStore) -> None:
    """Until a call gets past admission: its file is missing, which only an admitted call finds out."""
    nowhere = Media(store.uri("nowhere.mp4"))
    while (await refused(channel, nowhere)).reason == "CAPACITY":  # noqa: ASYNC110 - the service tells nobody
        await asyncio.sleep(PAUSE_S)


def _timeless(messages: list[pb.TranscribeResponse]) -> list[bytes]:
    kept = [message for message in messages if message.WhichOneof("event") != "progress"]
    kept[-1].summary.usage.ClearField("wall_time")
    return [message.SerializeToString(deterministic=True) for message in kept]
