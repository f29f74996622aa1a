"""`TranscriberService`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc
from interview.transcriber.v1 import transcriber_service_pb2 as pb
from interview.transcriber.v1.transcriber_service_pb2_grpc import (
    TranscriberServiceServicer,
    add_TranscriberServiceServicer_to_server,
)

from servicekit.media import MediaStore
from servicekit.model_work import model_work
from servicekit.streaming import CLOCK, Clock, streamed
from servicekit.wire import Progress, data_key_of, media_value
from services.transcriber import wire
from services.transcriber.model import Segment, Transcriber
from services.transcriber.settings import Settings


class Servicer(TranscriberServiceServicer):
    """Translates requests and results around a `Transcriber`."""

    service_name = pb.DESCRIPTOR.services_by_name["TranscriberService"].full_name

    def __init__(self, transcriber: Transcriber, media: MediaStore, settings: Settings, clock: Clock = CLOCK) -> None:
        """Read files from `media`."""
        self._transcriber, self._media, self._settings, self._clock = transcriber, media, settings, clock

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        add_TranscriberServiceServicer_to_server(self, server)

    async def load(self) -> None:
        """Load the model."""
        await asyncio.to_thread(self._transcriber.load)

    async def close(self) -> None:
        pass

    async def Transcribe(self, request: pb.TranscribeRequest, context: Any) -> AsyncIterator[pb.TranscribeResponse]:
        """Stream progress and segments, then the summary."""
        started = time.perf_counter()
        wire.check(request, self._settings)
        async with (
            self._media.local_file(media_value(request.media), data_key_of(request.media)) as path,
            aclosing(
                streamed(self._transcriber.transcribe(wire.transcription_input(request, path)), self._clock)
            ) as events,
        ):
            with model_work("transcriber", "transcribe") as work:
                async for event in events:
                    match event:
                        case Progress():
                            yield wire.progress(event)
                        case Segment():
                            yield wire.segment(event)
                        case _:
                            work.done((event.model,), event.duration_s)
                            yield wire.summary(event, self._settings, time.perf_counter() - started)
