"""Around every request: security headers, one log line, metrics, a span. Plain ASGI, so that bodies stream through."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.logs import get_logger

log = get_logger()
_tracer = trace.get_tracer("gateway")

REQUESTS = Counter("interview_http_requests_total", "Finished HTTP requests.", ["method", "route", "code"])
SECONDS = Histogram(
    "interview_http_request_seconds",
    "Duration of HTTP requests, uploads and event streams included.",
    ["method", "route"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 20, 60, 300, 1200),
)

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src blob:; "
        "connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMiddleware:
    """Adds the headers, and logs and counts by the route's pattern: never a query, a name or a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _is_traced(scope["path"]):
            with _span(scope) as span:
                await self._serve(scope, receive, send, span)
        else:
            await self._serve(scope, receive, send, trace.INVALID_SPAN)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, span: Span) -> None:
        started, status = time.perf_counter(), 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            _record(scope, status, time.perf_counter() - started, span)


def _add_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
    headers.setdefault("Cache-Control", "no-cache" if path.startswith("/assets/") else "no-store")


def _is_traced(path: str) -> bool:
    """Not probes and files: they tell nothing, and there are many of them."""
    return path not in ("/healthz", "/readyz") and not path.startswith("/assets/")


def _span(scope: Scope) -> AbstractContextManager[Span]:
    """A span that continues the caller's trace. OpenTelemetry's own middleware would record addresses and queries."""
    return _tracer.start_as_current_span(
        scope["method"], _caller(scope), SpanKind.SERVER, record_exception=False, set_status_on_exception=False
    )


def _caller(scope: Scope) -> Context:
    wanted = (b"traceparent", b"tracestate")
    return propagate.extract({k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"] if k in wanted})


def _record(scope: Scope, status: int, elapsed_s: float, span: Span) -> None:
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    route = getattr(scope.get("route"), "path", "unmatched")
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(elapsed_s)
    span.update_name(f"{method} {route}")
    span.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))
    session_id = scope.get("path_params", {}).get("session_id", "")
    log.info(
        "request",
        method=method,
        route=route,
        code=status,
        session_id=session_id if len(session_id) == 32 and session_id.isalnum() else "",
        elapsed_s=round(elapsed_s, 3),
    )
