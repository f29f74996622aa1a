"""Greenhouse's side of its assessment-partner interface: it asks with its key, and is told of completed tests."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from tests.support.http_server import answering

KEY = "greenhouse-partner-key"


class Greenhouse:
    """Answers a PATCH with `codes` one after the other, the last one for ever, and keeps what it was shown."""

    def __init__(self, key: str = KEY) -> None:
        self.key, self.codes, self.told = key, [200], list[tuple[str, str, bytes]]()
        self._changing = threading.Lock()
        parts = {"do_PATCH": lambda request: self._patch(request), "log_message": lambda *_: None}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (BaseHTTPRequestHandler,), parts))

    def test(self, number: int) -> str:
        """Where it wants to be told of a test."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/integrations/take_home_tests/{number}"

    @property
    def headers(self) -> dict[str, str]:
        """The key as a user's name, without a password."""
        return {"Authorization": "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()}

    async def get(self, client: httpx.AsyncClient, call: str, **params: Any) -> httpx.Response:
        return await client.get(f"/v1/greenhouse/{call}", params=params, headers=self.headers)

    async def post(self, client: httpx.AsyncClient, call: str, body: Any) -> httpx.Response:
        return await client.post(f"/v1/greenhouse/{call}", json=body, headers=self.headers)

    def _patch(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        with self._changing:
            self.told.append((request.path, request.headers.get("Authorization", ""), body))
            code = self.codes.pop(0) if len(self.codes) > 1 else self.codes[0]
        request.send_response(code)
        request.end_headers()


@contextmanager
def greenhouse() -> Iterator[Greenhouse]:
    """One that listens."""
    made = Greenhouse()
    with answering(made.server):
        yield made
