"""`VisionService`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc
from interview.vision.v1 import vision_service_pb2 as pb
from interview.vision.v1.vision_service_pb2_grpc import VisionServiceServicer, add_VisionServiceServicer_to_server

from servicekit.media import MediaStore
from servicekit.model_work import model_work
from servicekit.streaming import CLOCK, Clock, streamed
from servicekit.wire import data_key_of, media_value
from services.vision import wire
from services.vision.model import VisionAnalyzer, VisionResult


class Servicer(VisionServiceServicer):
    """Translates requests and results around a `VisionAnalyzer`."""

    service_name = pb.DESCRIPTOR.services_by_name["VisionService"].full_name

    def __init__(self, analyzer: VisionAnalyzer, media: MediaStore, clock: Clock = CLOCK) -> None:
        """Read files from `media`."""
        self._analyzer, self._media, self._clock = analyzer, media, clock

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        add_VisionServiceServicer_to_server(self, server)

    async def load(self) -> None:
        """Load the models."""
        await asyncio.to_thread(self._analyzer.load)

    async def close(self) -> None:
        """Let go of the models."""
        self._analyzer.close()

    async def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> AsyncIterator[pb.AnalyzeResponse]:
        """Stream progress, then what was seen, then the summary."""
        started = time.perf_counter()
        async with (
            self._media.local_file(media_value(request.media), data_key_of(request.media)) as path,
            aclosing(streamed(self._analyzer.analyze(path, wire.scope(request)), self._clock)) as events,
        ):
            with model_work("vision", "watch") as work:
                async for event in events:
                    if isinstance(event, VisionResult):
                        work.done(event.models, event.duration_s)
                    yield wire.message(event, time.perf_counter() - started)
