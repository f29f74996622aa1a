"""A browser's sign-in: a signed cookie that names a key or a member, and holds no secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt
from fastapi import Request, Response

from gateway.errors import token_refused
from servicekit.organisation import DEFAULT

COOKIE = "interview_sign_in"
WAY_OUT, OUT_PATH = "interview_sign_out", "/v1/sign-out"
LASTS = timedelta(hours=12)
MOST_ID_TOKEN = 3800
"""Browsers keep 4096 bytes of a cookie, its name and attributes included."""
_AUDIENCE = "browser"


class SignedIn(NamedTuple):
    """Who a browser signed in as: a key or a member, `key:` or `member:` and its id, of an organisation."""

    subject: str
    organisation: str


def set_cookie(response: Response, who: SignedIn, secret: str, secure: bool) -> None:
    """Sign a browser in. `secure`: people reach this gateway by https."""
    claims = {"sub": who.subject, "org": who.organisation, "aud": _AUDIENCE, "exp": datetime.now(UTC) + LASTS}
    response.set_cookie(
        COOKIE,
        jwt.encode(claims, secret, "HS256"),
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def keep_way_out(response: Response, id_token: str, secure: bool) -> None:
    """Keep what the sign-in server wants to see when the browser signs out there too; it comes along then only."""
    if len(id_token) > MOST_ID_TOKEN:
        return
    response.set_cookie(
        WAY_OUT,
        id_token,
        max_age=int(LASTS.total_seconds()),
        path=OUT_PATH,
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def signed_out(response: Response) -> None:
    """Take the cookies back."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    response.delete_cookie(WAY_OUT, path=OUT_PATH, httponly=True, samesite="strict")


def signed_in(request: Request, secret: str) -> SignedIn | None:
    """Who a browser signed in as; None without a cookie.

    Raises TOKEN_REFUSED for a cookie that is not good.
    """
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        return None
    options: Any = {"require": ["exp", "sub"]}
    try:
        claims = jwt.decode(cookie, secret, ["HS256"], audience=_AUDIENCE, options=options)
    except jwt.InvalidTokenError:
        raise token_refused("This sign-in has ended: sign in again.") from None
    subject = str(claims["sub"])
    # Cookies from before there were organisations name a key without saying so.
    return SignedIn(subject if ":" in subject else f"key:{subject}", str(claims.get("org", DEFAULT)))
