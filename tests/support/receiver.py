"""Somebody's own system, which webhooks are sent to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.http_server import answering


class Receiver:
    """Keeps what arrives, signature and body, and answers with `codes` one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.codes, self.received = [200], list[tuple[str, bytes]]()
        self.arrived = threading.Condition()
        parts = {"do_POST": lambda request: self._post(request), "log_message": lambda *_: None}
        handler = type("Handler", (BaseHTTPRequestHandler,), parts)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def wait(self, count: int) -> list[tuple[str, bytes]]:
        """What has arrived once there are so many."""
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.received) >= count)
            return list(self.received)

    def _post(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        with self.arrived:
            self.received.append((request.headers["Interview-Signature"], body))
            code = self.codes.pop(0) if len(self.codes) > 1 else self.codes[0]
            self.arrived.notify_all()
        request.send_response(code)
        request.send_header("Location", "http://127.0.0.1:1/")
        request.end_headers()


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens."""
    made = Receiver()
    with answering(made.server):
        yield made
