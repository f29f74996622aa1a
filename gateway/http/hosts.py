"""Only under its own names: a web page whose host name is pointed at this machine must not read candidates' data.

This is the defence against DNS rebinding, which gets around "it only listens on loopback".
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class HostMiddleware:
    """Refuses requests whose `Host` is neither loopback nor the host of `public_url`."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._names = _LOOPBACK | {urlsplit(public_url).hostname or "localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or answer 403."""
        if scope["type"] == "http" and _host(Headers(scope=scope)) not in self._names:
            message = "This address is not one of the gateway's. Use localhost, or set GATEWAY_PUBLIC_URL to it."
            await JSONResponse({"success": False, "error": message}, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _host(headers: Headers) -> str:
    try:
        return urlsplit("//" + headers.get("host", "")).hostname or ""
    except ValueError:
        return ""
