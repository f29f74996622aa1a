"""Channels and stubs of the four services."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub
from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceStub
from interview.transcriber.v1.transcriber_service_pb2_grpc import TranscriberServiceStub
from interview.vision.v1.vision_service_pb2_grpc import VisionServiceStub

from orchestrator.settings import WorkerSettings
from servicekit.client import open_channel

if TYPE_CHECKING:  # the async stubs exist for type checkers only; at run time they are the plain ones
    from interview.audio.v1.audio_service_pb2_grpc import AudioServiceAsyncStub
    from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceAsyncStub
    from interview.transcriber.v1.transcriber_service_pb2_grpc import TranscriberServiceAsyncStub
    from interview.vision.v1.vision_service_pb2_grpc import VisionServiceAsyncStub


@dataclass(frozen=True, slots=True)
class Services:
    """One stub a service; open with `open_services`, close with `close`."""

    transcriber: TranscriberServiceAsyncStub
    vision: VisionServiceAsyncStub
    audio: AudioServiceAsyncStub
    judge: JudgeServiceAsyncStub
    channels: tuple[grpc.aio.Channel, ...]

    async def close(self) -> None:
        """Close every channel."""
        await asyncio.gather(*(channel.close() for channel in self.channels))


def open_services(settings: WorkerSettings) -> Services:
    """Channels to the configured targets; nothing is connected yet."""
    targets = (settings.transcriber_target, settings.vision_target, settings.audio_target, settings.judge_target)
    channels = tuple(open_channel(target, settings) for target in targets)
    transcriber, vision, audio, judge = channels
    return Services(
        TranscriberServiceStub(transcriber),
        VisionServiceStub(vision),
        AudioServiceStub(audio),
        JudgeServiceStub(judge),
        channels,
    )
