"""A browser's way to the sign-in server and back: what has to be the same when it returns."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt
from fastapi import Request, Response

COOKIE = "interview_sign_in_attempt"
PATH = "/v1/sign-in/oidc"
LASTS = timedelta(minutes=10)
START = "/Upload.html"
"""Where one comes to who came from nowhere."""

_AUDIENCE = "sign-in attempt"


class Attempt(NamedTuple):
    """`state` ties the answer to this browser, `nonce` the token to this attempt, `verifier` the code to it (PKCE)."""

    state: str
    nonce: str
    verifier: str
    back: str

    @classmethod
    def begin(cls, back: str) -> Attempt:
        """One that leads back to a page."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, local_path(back))

    @property
    def challenge(self) -> str:
        """Of the verifier, by S256 (RFC 7636)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def belongs(self, state: str) -> bool:
        """Whether an answer is to this attempt."""
        return secrets.compare_digest(self.state.encode(), state.encode())

    def keep(self, response: Response, secret: str, secure: bool) -> None:
        """In a cookie that comes along when the sign-in server sends the browser back."""
        claims = self._asdict() | {"aud": _AUDIENCE, "exp": datetime.now(UTC) + LASTS}
        response.set_cookie(
            COOKIE,
            jwt.encode(claims, secret, "HS256"),
            max_age=int(LASTS.total_seconds()),
            path=PATH,
            httponly=True,
            samesite="lax",  # the way back begins at another site
            secure=secure,
        )

    @classmethod
    def of(cls, request: Request, secret: str) -> Attempt | None:
        """The attempt that this browser has begun; None where there is none that is good."""
        options: Any = {"require": ["exp", *cls._fields]}
        try:
            claims = jwt.decode(request.cookies.get(COOKIE, ""), secret, ["HS256"], audience=_AUDIENCE, options=options)
        except jwt.InvalidTokenError:
            return None
        return cls(*(str(claims[name]) for name in cls._fields))


def forget(response: Response) -> None:
    """An attempt is good for one answer."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")


def local_path(wanted: str) -> str:
    """A path of this site, whatever is asked for; another site's address leads to the start."""
    ordinary = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if ordinary and wanted.isprintable() and len(wanted) <= 2000 else START
