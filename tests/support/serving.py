"""Real servers and channels for tests, on a free port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc

from servicekit.server import Server, Servicer
from servicekit.settings import ServerSettings


@asynccontextmanager
async def served(servicer: Servicer, settings: ServerSettings | None = None) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to a server that runs in this process and is ready."""
    server = Server(servicer, settings or ServerSettings())
    await server.start()
    await server.load()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel
    await server.stop(drain_timeout_s=0)
