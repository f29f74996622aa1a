"""A small HTTP server that speaks the gateway's contract from a script, for tests of the client."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.support.http_server import HttpServer, listening

SESSION_ID = "4ec407d0b416464283cee9f97d44fa0b"
Json = dict[str, Any]


def stage(name: str, state: str, seconds: float | None = None, **more: Any) -> Json:
    return {"name": name, "state": state, "fraction": 0.5, "seconds": seconds, "error": None, **more}


def video(index: int, state: str, *stages: Json, error: Json | None = None) -> Json:
    return {"index": index, "state": state, "stages": list(stages), "error": error}


def running(*videos: Json) -> Json:
    message = f"Processing video 1/{len(videos)}..."
    return {"status": "processing", "message": message, "progress": f"1/{len(videos)}", "videos": list(videos)}


def completed(*videos: Json) -> Json:
    result = {"success": True, "processed_videos": len(videos), "successful_videos": len(videos), "failed_videos": 0}
    return {"status": "completed", "message": "Processed.", "result": result, "videos": list(videos)}


def failed(error: str, *videos: Json) -> Json:
    return {"status": "error", "message": error, "error": error, "videos": list(videos)}


class App(Protocol):
    """What can be served."""

    def app(self) -> Starlette: ...


class ScriptedRest:
    """`statuses` are given out one after the other, the last one for ever; an int is an HTTP error instead.

    `event_statuses` are what the event stream tells before it ends; None: there is no event stream.
    """

    def __init__(self, statuses: list[Json | int], event_statuses: list[Json] | None = None) -> None:
        self.statuses = statuses
        self.event_statuses = event_statuses
        self.result: Json = {"success": True}
        self.form: dict[str, list[str]] = {}
        self.body: Json = {}
        self.authorization = ""
        self.deleted: list[str] = []
        self.requests: list[str] = []

    def app(self) -> Starlette:
        one = "/v1/sessions/{session_id}"
        return Starlette(
            routes=[
                Route("/upload", self._upload, methods=["POST"]),
                Route("/upload_json", self._upload_json, methods=["POST"]),
                Route("/status/{session_id}", self._status),
                Route("/results/{session_id}", self._results),
                Route("/v1/sessions", self._sessions),
                Route(f"{one}/events", self._events),
                Route(f"{one}:cancel", self._cancel, methods=["POST"]),
                Route(one, self._delete, methods=["DELETE"]),
            ]
        )

    async def _upload(self, request: Request) -> Response:
        self.authorization = request.headers.get("authorization", "")
        form = await request.form()
        for name, value in form.multi_items():
            self.form.setdefault(name, []).append(value if isinstance(value, str) else value.filename or "")
        await form.close()
        return JSONResponse({"success": True, "session_id": SESSION_ID, "uploaded_videos": 2})

    async def _upload_json(self, request: Request) -> Response:
        self.body = await request.json()
        return JSONResponse({"success": True, "session_id": SESSION_ID, "message": "Videos are being downloaded"})

    async def _status(self, request: Request) -> Response:
        self.requests.append("status")
        if request.path_params["session_id"] != SESSION_ID:
            return JSONResponse({"status": "not_found", "message": "Session not found"}, 404)
        now = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if isinstance(now, int):
            return Response("<html>Bad gateway</html>", now, media_type="text/html")
        return JSONResponse(now)

    async def _events(self, _request: Request) -> Response:
        self.requests.append("events")
        if self.event_statuses is None:
            return JSONResponse({"error": {"code": 404, "message": "Not Found"}}, 404)
        return StreamingResponse(_event_stream(self.event_statuses), media_type="text/event-stream")

    async def _results(self, request: Request) -> Response:
        return JSONResponse(self.result)

    async def _sessions(self, request: Request) -> Response:
        session = {"session_id": SESSION_ID, "candidate_name": "Siti [bold]Rahma", "language": "id", "state": "running"}
        return JSONResponse({"sessions": [session | {"create_time": "2026-11-23T08:54:00Z"}], "next_page_token": ""})

    async def _cancel(self, request: Request) -> Response:
        return JSONResponse({"session_id": request.path_params["session_id"], "state": "cancelled"})

    async def _delete(self, request: Request) -> Response:
        self.deleted.append(request.path_params["session_id"])
        return JSONResponse({"deleted_objects": 7})


async def _event_stream(statuses: list[Json]) -> AsyncIterator[bytes]:
    yield b": heartbeat\r\n\r\n"
    for status in statuses:
        yield b"event: session\r\ndata: " + JSONResponse(status).body + b"\r\nretry: 2000\r\n\r\n"


@contextmanager
def rest_server(script: App) -> Iterator[str]:
    """The script behind a real socket; gives the base URL."""
    config = uvicorn.Config(script.app(), log_config=None, access_log=False, lifespan="off", ws="none")
    server, listener = HttpServer(config), listening()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of this machine that nothing listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, never listening: connections are refused and nobody else gets it
        yield held.getsockname()[1]
