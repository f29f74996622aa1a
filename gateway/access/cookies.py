"""A browser's sign-in: a signed cookie that names a key, never the key itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
from fastapi import Request, Response

from gateway.errors import token_refused

COOKIE = "interview_sign_in"
LASTS = timedelta(hours=12)
_AUDIENCE = "browser"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def set_cookie(response: Response, request: Request, key_id: str, secret: str) -> None:
    """Sign a browser in as the holder of a key."""
    claims = {"sub": key_id, "aud": _AUDIENCE, "exp": datetime.now(UTC) + LASTS}
    response.set_cookie(
        COOKIE,
        jwt.encode(claims, secret, "HS256"),
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def key_id(request: Request, secret: str) -> str:
    """The key a browser signed in with; empty without a cookie.

    Raises TOKEN_REFUSED for a cookie that is not good, and for a change that another site's page asks for.
    """
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        return ""
    if request.method not in _SAFE and request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise token_refused("Changes are only taken from this system's own pages.")
    try:
        return str(jwt.decode(cookie, secret, ["HS256"], audience=_AUDIENCE, options={"require": ["exp"]})["sub"])
    except jwt.InvalidTokenError:
        raise token_refused("This sign-in has ended: sign in again.") from None
