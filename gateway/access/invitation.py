"""A candidate's link: a signed, expiring permission to hand in one session's recordings, and nothing else."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from pydantic import BaseModel, ConfigDict

from gateway.errors import link_refused

_AUDIENCE = "candidate"


class Invitation(BaseModel):
    """What a link is for; all of it is in the link itself, so that nothing about a candidate waits in a database."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    """The session that the recordings become; a second hand-in would be another request under the same id."""
    candidate_name: str
    language: str
    questions: tuple[str, ...]
    policy: str = ""
    rubric: str = ""
    consent_reference: str = ""
    audio_only: bool = False
    owner: str = ""
    listed: bool = False
    """Whether the orchestrator knows the link, so that it can be revoked. Links from before that were not listed."""

    def token(self, secret: str, lasts: timedelta) -> tuple[str, datetime]:
        """The signed link part and when it ends."""
        ends = datetime.now(UTC) + lasts
        claims = {"aud": _AUDIENCE, "exp": ends, "for": self.model_dump(mode="json")}
        return jwt.encode(claims, secret, "HS256"), ends

    @classmethod
    def read(cls, token: str, secret: str) -> tuple[Invitation, datetime]:
        """The invitation behind a link and when it ends. Raises LINK_REFUSED."""
        try:
            options: dict[str, Any] = {"require": ["exp", "for"]}
            claims = jwt.decode(token, secret, ["HS256"], audience=_AUDIENCE, options=options)  # type: ignore[arg-type]
        except jwt.ExpiredSignatureError:
            raise link_refused("This link has expired. Ask the recruiter for a new one.") from None
        except jwt.InvalidTokenError:
            raise link_refused("This link is not complete. Open it again as you received it.") from None
        return cls.model_validate(claims["for"]), datetime.fromtimestamp(claims["exp"], UTC)


def fingerprint(token: str) -> str:
    """SHA-256 of a link's token, hex: what is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer_token(authorization: str) -> str:
    """What stands after `Bearer`, in any case; empty without."""
    kind, _, token = authorization.strip().partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
