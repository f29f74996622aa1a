"""Around every request: security headers, one log line, metrics. Plain ASGI, so that bodies stream through."""

from __future__ import annotations

import time

from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.telemetry.logs import get_logger

log = get_logger()

REQUESTS = Counter("interview_http_requests_total", "Finished HTTP requests.", ["method", "route", "code"])
SECONDS = Histogram(
    "interview_http_request_seconds",
    "Duration of HTTP requests, uploads and event streams included.",
    ["method", "route"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 20, 60, 300, 1200),
)

_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{store}; media-src 'self' blob:; "
    "connect-src 'self'{store}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMiddleware:
    """Adds the headers, and logs and counts by the route's pattern: never a query, a name or a body."""

    def __init__(self, app: ASGIApp, store_origin: str = "") -> None:
        """Let pages read from `store_origin` as well, where the object store gives files out by itself."""
        policy = _CONTENT_POLICY.format(store=f" {store_origin}" if store_origin else "")
        self._app, self._headers = app, {"Content-Security-Policy": policy, **_HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            _record(scope, status, time.perf_counter() - started)

    def _add_headers(self, headers: MutableHeaders, path: str) -> None:
        for name, value in self._headers.items():
            headers[name] = value
        headers.setdefault("Cache-Control", "no-cache" if path.startswith("/assets/") else "no-store")


def _record(scope: Scope, status: int, elapsed_s: float) -> None:
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    route = getattr(scope.get("route"), "path", "unmatched")
    REQUESTS.labels(method, route, "500")  # at nought, so that the first fault of a route that worked is seen to rise
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(elapsed_s)
    session_id = scope.get("path_params", {}).get("session_id", "")
    log.info(
        "request",
        method=method,
        route=route,
        code=status,
        session_id=session_id if len(session_id) == 32 and session_id.isalnum() else "",
        elapsed_s=round(elapsed_s, 3),
    )
