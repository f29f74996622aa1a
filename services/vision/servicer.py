"""VisionService over gRPC."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import grpc
from interview.vision.v1 import vision_service_pb2 as pb
from interview.vision.v1 import vision_service_pb2_grpc as pb_grpc

from servicekit.media import MediaStore
from servicekit.model_work import model_work
from servicekit.streaming import CLOCK, Clock, streamed
from servicekit.wire import media_value
from services.vision import wire
from services.vision.model import Summary, VisionModel


class VisionServicer(pb_grpc.VisionServiceServicer):
    """Answers calls with a `VisionModel`."""

    service_name = pb.DESCRIPTOR.services_by_name["VisionService"].full_name

    def __init__(self, load_model: Callable[[], VisionModel], store: MediaStore, clock: Clock = CLOCK) -> None:
        """`load_model` may block and raise; it runs once, in `load`."""
        self._load_model = load_model
        self._store = store
        self._clock = clock
        self._model: VisionModel | None = None

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        pb_grpc.add_VisionServiceServicer_to_server(self, server)

    async def load(self) -> None:
        """Load the weights."""
        self._model = await asyncio.to_thread(self._load_model)

    async def close(self) -> None:
        """Let go of the weights."""
        model, self._model = self._model, None
        if model is not None:
            model.close()

    async def Analyze(
        self, request: pb.AnalyzeRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> AsyncIterator[pb.AnalyzeResponse]:
        """Watch a video."""
        started, model = time.perf_counter(), self._model
        assert model is not None  # calls are admitted after `load` only
        async with (
            self._store.local_file(media_value(request.media)) as path,
            aclosing(streamed(model.analyze(path, wire.scope(request)), self._clock)) as items,
        ):
            with model_work("vision", "watch") as work:
                async for item in items:
                    message = wire.response(item)
                    if isinstance(item, Summary):
                        work.done(model.models, item.duration_s)
                        wire.complete(message, model.models, time.perf_counter() - started, item.duration_s)
                    yield message
