"""What the tus protocol wants of every answer and of every request, errors and old proxies included."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.access.scopes import RESUMABLE

VERSION = "1.0.0"
_OVERRIDDEN = ("PATCH", "DELETE", "HEAD")


class TusMiddleware:
    """`Tus-Resumable` on every answer of the upload addresses, and POST as the method that a client means by it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _is_upload(scope["path"]):
            await self._app(scope, receive, send)
            return
        # For clients behind a proxy or in an environment that knows no other method.
        meant = Headers(scope=scope).get("x-http-method-override", "").upper()
        if scope["method"] == "POST" and meant in _OVERRIDDEN:
            scope["method"] = meant

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Tus-Resumable", VERSION)
            await send(message)

        await self._app(scope, receive, send_with_version)


def _is_upload(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in RESUMABLE)
