"""What every vision model must hold to, over a real server: the same tests for the fake and the real one."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from interview.vision.v1 import vision_service_pb2 as pb
from interview.vision.v1 import vision_service_pb2_grpc as pb_grpc

from servicekit.errors import ServiceError, from_rpc_error
from servicekit.media import Media, MediaStore
from servicekit.server import Server
from servicekit.settings import StoreSettings
from servicekit.wire import media_message, seconds
from services.vision.model import EVERYTHING, Event, Scope, VisionAnalyzer
from services.vision.servicer import Servicer
from services.vision.settings import Settings
from tests.contract.fakes.vision import FakeVision
from tests.support.faces import talking_portrait
from tests.support.media import write_tone, write_video
from tests.support.serving import served
from tests.support.vision import analyzer
from tests.support.waiting import PAUSE_S, Watched


@dataclass(frozen=True, slots=True)
class Loaded:
    """An analyzer that is loaded already, so that every server does not load it again."""

    analyzer: VisionAnalyzer

    def load(self) -> None:
        pass

    def analyze(self, path: Path, scope: Scope = EVERYTHING) -> Generator[Event, None, None]:
        return self.analyzer.analyze(path, scope)

    def close(self) -> None:
        """The fixture closes."""


@pytest.fixture(scope="module", params=["fake", pytest.param("real", marks=pytest.mark.model)])
def model(request: pytest.FixtureRequest) -> Iterator[VisionAnalyzer]:
    found: VisionAnalyzer = FakeVision() if request.param == "fake" else analyzer()
    yield Loaded(found)
    found.close()


@pytest.fixture(scope="module")
def portrait_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vision") / "portrait.mp4"
    return write_video(path, 3.0, picture=talking_portrait(closed_at_s=()))


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))


async def analyze(
    channel: grpc.aio.Channel, media: Media, limits: pb.MeasuringLimits | None = None
) -> list[pb.AnalyzeResponse]:
    request = pb.AnalyzeRequest(media=media_message(media), limits=limits)
    return [message async for message in pb_grpc.VisionServiceStub(channel).Analyze(request)]


async def refused(channel: grpc.aio.Channel, media: Media) -> ServiceError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await analyze(channel, media)
    return from_rpc_error(caught.value)


class TestVisionContract:
    async def test_the_face_is_described_unless_it_must_not_be(
        self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path
    ) -> None:
        media = await store.write_file("a.mp4", portrait_video)
        async with served(Servicer(model, store)) as channel:
            described = (await analyze(channel, media))[-1].summary
            limits = pb.MeasuringLimits(skip_identity=True)
            left_out = (await analyze(channel, media, limits))[-1].summary
        assert (len(described.face_descriptor), described.described_look_count) == (128, 1)
        assert (len(left_out.face_descriptor), left_out.described_look_count) == (0, 0)
        assert left_out.HasField("eye_contact_ratio")

    async def test_no_expression_is_measured_where_it_must_not_be(
        self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path
    ) -> None:
        media = await store.write_file("a.mp4", portrait_video)
        async with served(Servicer(model, store)) as channel:
            messages = await analyze(channel, media, pb.MeasuringLimits(skip_expression=True))
        summary = messages[-1].summary
        for name in ("eye_contact_ratio", "gaze_stability", "smile_intensity", "head_movement_intensity"):
            assert not summary.HasField(name), name
        assert summary.blink_count == 0
        assert summary.face_present_ratio > 0.9

    async def test_ends_with_exactly_one_summary(
        self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path
    ) -> None:
        media = await store.write_file("a.mp4", portrait_video)
        async with served(Servicer(model, store)) as channel:
            messages = await analyze(channel, media)
        kinds = [message.WhichOneof("event") for message in messages]
        summary = messages[-1].summary
        assert kinds.count("summary") == 1
        assert kinds[-1] == "summary"
        assert summary.frame_count == 75
        assert summary.face_present_ratio == 1.0
        assert all(used.name and used.version and len(used.sha256) == 64 for used in summary.models)
        assert summary.models
        assert 2.9 <= seconds(summary.usage.media_duration) <= 3.1
        assert seconds(summary.usage.wall_time) > 0

    async def test_progress_rises(self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path) -> None:
        media = await store.write_file("a.mp4", portrait_video)
        async with served(Servicer(model, store)) as channel:
            messages = await analyze(channel, media)
        steps = [message.progress.fraction for message in messages if message.WhichOneof("event") == "progress"]
        assert steps == sorted(steps)
        assert steps
        assert 0 <= steps[0] <= steps[-1] <= 1

    async def test_times_are_ordered_and_inside(
        self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path
    ) -> None:
        media = await store.write_file("a.mp4", portrait_video)
        async with served(Servicer(model, store)) as channel:
            messages = await analyze(channel, media)
        rows = [at for message in messages for at in message.timeline.offset_s]
        events = [message.vision_event for message in messages if message.WhichOneof("event") == "vision_event"]
        stills = [message.still for message in messages if message.WhichOneof("event") == "still"]
        starts = [seconds(event.span.start_offset) for event in events]
        assert rows == sorted(set(rows))
        assert 22 <= len(rows) <= 75  # about 8 a second
        assert rows[-1] <= 3.0
        assert starts == sorted(starts)
        for event, start_s in zip(events, starts, strict=True):
            assert 0 <= start_s <= seconds(event.span.end_offset) <= 3.05
            assert 0 <= event.confidence <= 1
        for still in stills:
            span = events[still.event_index].span
            assert seconds(span.start_offset) <= seconds(still.offset) <= seconds(span.end_offset)
            assert still.jpeg.startswith(b"\xff\xd8")
            assert len(still.jpeg) <= 64 * 1024

    async def test_columns_have_one_length(
        self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path
    ) -> None:
        media = await store.write_file("a.mp4", portrait_video)
        async with served(Servicer(model, store)) as channel:
            messages = await analyze(channel, media)
        for message in messages:
            columns = [list(column) for _, column in message.timeline.ListFields()]
            assert len({len(column) for column in columns}) <= 1
            assert len(columns) in (0, 9)

    async def test_same_request_same_answer(
        self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path
    ) -> None:
        media = await store.write_file("a.mp4", portrait_video)
        async with served(Servicer(model, store)) as channel:
            answers = [await analyze(channel, media) for _ in range(2)]
        first, second = (_timeless(answer) for answer in answers)
        assert first == second

    async def test_missing_media(self, model: VisionAnalyzer, store: MediaStore) -> None:
        async with served(Servicer(model, store)) as channel:
            error = await refused(channel, Media(store.uri("nowhere.mp4")))
        assert (error.code, error.reason) == (grpc.StatusCode.NOT_FOUND, "MEDIA_NOT_FOUND")

    @pytest.mark.parametrize("content", [b"", b"These are words, not pictures.\n" * 40])
    async def test_unreadable_media(self, model: VisionAnalyzer, store: MediaStore, content: bytes) -> None:
        media = await store.write("a.mp4", content)
        async with served(Servicer(model, store)) as channel:
            error = await refused(channel, media)
        assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "MEDIA_UNREADABLE")

    async def test_no_picture(self, model: VisionAnalyzer, store: MediaStore, tmp_path: Path) -> None:
        media = await store.write_file("a.flac", write_tone(tmp_path / "a.flac"))
        async with served(Servicer(model, store)) as channel:
            error = await refused(channel, media)
        assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "NO_VIDEO_STREAM")

    @pytest.mark.parametrize("uri", ["", "file:///etc/hostname", "s3://elsewhere/a.mp4"])
    async def test_media_outside_the_store(self, model: VisionAnalyzer, store: MediaStore, uri: str) -> None:
        async with served(Servicer(model, store)) as channel:
            error = await refused(channel, Media(uri))
        assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
        assert error.metadata["field"] == "media.uri"

    async def test_other_content(self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path) -> None:
        media = await store.write_file("a.mp4", portrait_video)
        async with served(Servicer(model, store)) as channel:
            error = await refused(channel, Media(media.uri, media.size_bytes, "0" * 64))
        assert (error.code, error.reason) == (grpc.StatusCode.DATA_LOSS, "MEDIA_CORRUPT")

    async def test_broken_off_video_gives_what_is_there(
        self, model: VisionAnalyzer, store: MediaStore, tmp_path: Path
    ) -> None:
        whole = write_video(tmp_path / "a.webm", 3.0).read_bytes()
        media = await store.write("a.webm", whole[: len(whole) * 2 // 3])
        async with served(Servicer(model, store)) as channel:
            messages = await analyze(channel, media)
        assert 20 <= messages[-1].summary.frame_count < 75

    async def test_not_ready(self, model: VisionAnalyzer, store: MediaStore) -> None:
        server = Server(Servicer(model, store), Settings(port=0))
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            error = await refused(channel, Media(store.uri("a.mp4")))
        await server.stop(0)
        assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "MODEL_NOT_READY")
        assert error.retry_after_s

    async def test_full_then_cancelled_then_free(
        self, model: VisionAnalyzer, store: MediaStore, portrait_video: Path, tmp_path: Path
    ) -> None:
        long = await store.write_file("long.mp4", write_video(tmp_path / "long.mp4", 40.0))
        short = await store.write_file("short.mp4", portrait_video)
        watched: Any = Watched(model, "analyze")
        async with served(Servicer(watched, store), Settings(port=0, max_concurrent=1)) as channel:
            call = pb_grpc.VisionServiceStub(channel).Analyze(pb.AnalyzeRequest(media=media_message(long)))
            await call.read()
            error = await refused(channel, short)
            assert (error.code, error.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "CAPACITY")
            assert error.retry_after_s
            call.cancel()
            await admitted(channel, store)
        assert watched.finished == 0


async def admitted(channel: grpc.aio.Channel, store: MediaStore) -> None:
    """Until a call gets past admission: its file is missing, which only an admitted call finds out."""
    nowhere = Media(store.uri("nowhere.mp4"))
    while (await refused(channel, nowhere)).reason == "CAPACITY":  # noqa: ASYNC110 - the service tells nobody
        await asyncio.sleep(PAUSE_S)


def _timeless(messages: list[pb.AnalyzeResponse]) -> list[bytes]:
    kept = [message for message in messages if message.WhichOneof("event") != "progress"]
    kept[-1].summary.usage.ClearField("wall_time")
    return [message.SerializeToString(deterministic=True) for message in kept]
