"""The four services in this process, real but for their models."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub
from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceStub
from interview.transcriber.v1.transcriber_service_pb2_grpc import TranscriberServiceStub
from interview.vision.v1.vision_service_pb2_grpc import VisionServiceStub

from orchestrator.clients import Services
from servicekit.media import MediaStore
from servicekit.settings import ServerSettings
from services.audio.servicer import Servicer as AudioServicer
from services.judge.model import Accounts, Judge
from services.judge.servicer import Servicer as JudgeServicer
from services.transcriber.model import Transcriber
from services.transcriber.servicer import Servicer as TranscriberServicer
from services.transcriber.settings import Settings as TranscriberSettings
from services.vision.servicer import Servicer as VisionServicer
from tests.contract.fakes.audio import FakeAnalyzer
from tests.contract.fakes.judge import FakeChat
from tests.contract.fakes.transcriber import FakeTranscriber
from tests.contract.fakes.vision import FakeVision
from tests.contract.judge.test_judge import panel
from tests.support.serving import served


@asynccontextmanager
async def model_services(
    store: MediaStore,
    with_accounts: Callable[[Accounts], Judge] | None = None,
    hearing: Transcriber | None = None,
) -> AsyncIterator[Services]:
    """Stubs of services that read `store`; `with_accounts` gives the judge for a call that brings some."""
    servicers = (
        TranscriberServicer(hearing or FakeTranscriber(), store, TranscriberSettings(port=0)),
        VisionServicer(FakeVision(), store),
        AudioServicer(FakeAnalyzer(), store),
        JudgeServicer(panel(FakeChat()), with_accounts),
    )
    async with AsyncExitStack() as stack:
        channels = [
            await stack.enter_async_context(served(each, ServerSettings(max_concurrent=0))) for each in servicers
        ]
        yield Services(
            TranscriberServiceStub(channels[0]),
            VisionServiceStub(channels[1]),
            AudioServiceStub(channels[2]),
            JudgeServiceStub(channels[3]),
            tuple(channels),
        )
