"""`AudioService`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc
from interview.audio.v1 import audio_service_pb2 as pb
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceServicer, add_AudioServiceServicer_to_server

from servicekit.media import MediaStore
from servicekit.model_work import model_work
from servicekit.streaming import CLOCK, Clock, streamed
from servicekit.wire import Progress, data_key_of, media_value
from services.audio import wire
from services.audio.model import AudioAnalyzer


class Servicer(AudioServiceServicer):
    """Translates requests and results around an `AudioAnalyzer`."""

    service_name = pb.DESCRIPTOR.services_by_name["AudioService"].full_name

    def __init__(self, analyzer: AudioAnalyzer, media: MediaStore, clock: Clock = CLOCK) -> None:
        """Read files from `media`."""
        self._analyzer, self._media, self._clock = analyzer, media, clock

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        add_AudioServiceServicer_to_server(self, server)

    async def load(self) -> None:
        """Load the models."""
        await asyncio.to_thread(self._analyzer.load)

    async def close(self) -> None:
        pass

    async def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> AsyncIterator[pb.AnalyzeResponse]:
        """Stream progress and what was found, then the summary."""
        started = time.perf_counter()
        async with (
            self._media.local_file(media_value(request.media), data_key_of(request.media)) as path,
            aclosing(streamed(self._analyzer.analyze(path, wire.scope(request)), self._clock)) as events,
        ):
            with model_work("audio", "listen") as work:
                async for event in events:
                    if isinstance(event, Progress):
                        yield wire.progress(event)
                    else:
                        work.done(event.models, event.total_s)
                        for message in wire.messages(event, time.perf_counter() - started):
                            yield message
