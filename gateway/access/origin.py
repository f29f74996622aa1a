"""Whose page asks: a change is taken from this system's own pages and from programs, never from a stranger's page.

A page of any site can post a form or a text here without asking first (no preflight), with the visitor's cookie or, on
a machine without sign-in, with nothing at all. Browsers say whose page it is: https://www.w3.org/TR/fetch-metadata/.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from gateway.errors import origin_refused
from gateway.settings import GatewaySettings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_READ_AND_RECORDED = frozenset({"/v1/sessions/{session_id}/answers/{index}/evidence"})
"""Reading these changes something: it is recorded who has looked."""


def check_origin(request: Request, path: str, settings: GatewaySettings) -> None:
    """Raise ORIGIN_REFUSED where another site's page asks for a change; `path` is the route's pattern."""
    if request.method in _SAFE and path not in _READ_AND_RECORDED:
        return
    origin = request.headers.get("origin", "")
    if origin and origin in settings.cors_origins:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise origin_refused()
    elif origin and not _is_own(origin, request, settings):  # a browser from before 2023
        raise origin_refused()


def _is_own(origin: str, request: Request, settings: GatewaySettings) -> bool:
    """By host and port alone: a proxy that ends TLS makes our own scheme another one."""
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and host in (request.headers.get("host", ""), urlsplit(settings.public_url).netloc)
