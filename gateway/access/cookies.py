"""A browser's sign-in: a signed cookie that names a key, never the key itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
from fastapi import Request, Response

from gateway.errors import token_refused

COOKIE = "interview_sign_in"
LASTS = timedelta(hours=12)
_AUDIENCE = "browser"


def set_cookie(response: Response, key_id: str, secret: str, secure: bool) -> None:
    """Sign a browser in as the holder of a key. `secure`: people reach this gateway by https."""
    claims = {"sub": key_id, "aud": _AUDIENCE, "exp": datetime.now(UTC) + LASTS}
    response.set_cookie(
        COOKIE,
        jwt.encode(claims, secret, "HS256"),
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def key_id(request: Request, secret: str) -> str:
    """The key a browser signed in with; empty without a cookie.

    Raises TOKEN_REFUSED for a cookie that is not good.
    """
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        return ""
    try:
        return str(jwt.decode(cookie, secret, ["HS256"], audience=_AUDIENCE, options={"require": ["exp"]})["sub"])
    except jwt.InvalidTokenError:
        raise token_refused("This sign-in has ended: sign in again.") from None
