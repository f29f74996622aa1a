"""Every stream says at least every five seconds how far it has come, however long a step takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from interview.audio.v1.audio_service_pb2 import AnalyzeRequest as AudioRequest
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub
from interview.transcriber.v1.transcriber_service_pb2 import TranscribeRequest
from interview.transcriber.v1.transcriber_service_pb2_grpc import TranscriberServiceStub
from interview.vision.v1.vision_service_pb2 import AnalyzeRequest as VisionRequest
from interview.vision.v1.vision_service_pb2_grpc import VisionServiceStub

from servicekit.media import MediaStore
from servicekit.server import Servicer
from servicekit.settings import StoreSettings
from servicekit.wire import media_message
from services.audio.servicer import Servicer as AudioServicer
from services.transcriber.servicer import Servicer as TranscriberServicer
from services.transcriber.settings import Settings as TranscriberSettings
from services.vision.servicer import Servicer as VisionServicer
from tests.contract.fakes.audio import FakeAnalyzer
from tests.contract.fakes.transcriber import FakeTranscriber
from tests.contract.fakes.vision import FakeVision
from tests.support.clock import WorkClock
from tests.support.media import write_video
from tests.support.serving import served

STEP_S, PROMISED_S = 47.0, 5.0


def transcriber(store: MediaStore, clock: WorkClock) -> Servicer:
    return TranscriberServicer(FakeTranscriber(STEP_S, clock.work), store, TranscriberSettings(port=0), clock)


def audio(store: MediaStore, clock: WorkClock) -> Servicer:
    return AudioServicer(FakeAnalyzer(STEP_S, clock.work), store, clock)


def vision(store: MediaStore, clock: WorkClock) -> Servicer:
    return VisionServicer(FakeVision(STEP_S, clock.work), store, clock)


def transcribed(channel: grpc.aio.Channel, media: Any) -> Any:
    return TranscriberServiceStub(channel).Transcribe(TranscribeRequest(media=media, language_code="en"))


def listened(channel: grpc.aio.Channel, media: Any) -> Any:
    return AudioServiceStub(channel).Analyze(AudioRequest(media=media))


def watched(channel: grpc.aio.Channel, media: Any) -> Any:
    return VisionServiceStub(channel).Analyze(VisionRequest(media=media))


@pytest.mark.parametrize(
    ("made", "asked"), [(transcriber, transcribed), (audio, listened), (vision, watched)], ids=lambda f: f.__name__
)
async def test_a_long_step_is_accompanied(
    made: Callable[[MediaStore, WorkClock], Servicer],
    asked: Callable[[grpc.aio.Channel, Any], Any],
    tmp_path: Path,
) -> None:
    store, clock = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects"))), WorkClock()
    media = await store.write_file("a.mp4", write_video(tmp_path / "a.mp4", 2.0, with_audio=True))
    async with served(made(store, clock)) as channel:
        kinds = [message.WhichOneof("event") async for message in asked(channel, media_message(media))]
    assert clock.now_s() >= STEP_S
    assert kinds.count("progress") >= clock.now_s() / PROMISED_S
    assert kinds[-1] == "summary"
