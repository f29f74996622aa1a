"""HTTP servers of tests, which end at once: each of many tests has one."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer

import uvicorn

from tests.support.waiting import PAUSE_S, until

_TURNS = 20
"""Of the event loop, after which it has heard of the connections that its clients have closed."""


class HttpServer(uvicorn.Server):
    """Ends at once where nobody is connected any more. uvicorn's own looks every tenth of a second whether it is to
    end, and then waits for another.
    """

    async def main_loop(self) -> None:
        await self.on_tick(0)  # headers of every response
        await until(lambda: self.should_exit)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for closing in (*self.servers, *(sockets or ())):
            closing.close()
        await self.lifespan.shutdown()


def listening() -> socket.socket:
    """A socket for uvicorn on a free port of this machine, whose connections send at once.

    asyncio asks for that only where a socket names its protocol. Otherwise each body waits 40 ms for its client to have
    acknowledged the headers.
    """
    found = socket.create_server(("127.0.0.1", 0))
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)  # connections take it over
    return found


@contextmanager
def answering(server: BaseServer) -> Iterator[None]:
    """Let a server of the standard library answer in a thread, and close it. By itself it looks twice a second whether
    it is to end.
    """
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": PAUSE_S})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
