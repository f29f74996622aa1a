"""A candidate's link: a signed, expiring permission to hand in one session's recordings, and nothing else."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from pydantic import BaseModel, ConfigDict

from gateway.errors import link_expired, link_refused
from gateway.organisation import acting
from servicekit.organisation import DEFAULT

_AUDIENCE = "candidate"
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class Invitation(BaseModel):
    """What a link is for. All of it is in the link itself, so that nothing about a candidate waits in a database; what
    belongs to a job the orchestrator knows instead.
    """

    model_config = ConfigDict(frozen=True)

    session_id: str
    """The session that the recordings become; a second hand-in would be another request under the same id."""
    candidate_name: str = ""
    language: str = ""
    questions: tuple[str, ...] = ()
    policy: str = ""
    rubric: str = ""
    consent_reference: str = ""
    audio_only: bool = False
    pauses: int = 0
    """How often the recording of each answer may be paused."""
    signals: tuple[str, ...] = ()
    """What the candidate's page notes while it records."""
    owner: str = ""
    listed: bool = False
    """Whether the orchestrator knows the link, so that it can be revoked. Links from before that were not listed."""
    job_id: str = ""
    """The job that it invites to; empty: none."""
    organisation: str = DEFAULT
    """Whose link it is. The default one is left out, as in links from before."""

    @classmethod
    def to_job(cls, session_id: str, job_id: str, owner: str) -> Invitation:
        """What an invitation's link holds: with the same key it is the same link whenever it is signed, within the
        organisation of the request.
        """
        return cls(session_id=session_id, job_id=job_id, owner=owner, listed=True, organisation=acting())

    def job_token(self, secret: str) -> str:
        """The signed link part of an invitation to a job; its end can be put off, and is kept with the link's hash."""
        return self._signed(secret, _NEVER)

    def token(self, secret: str, lasts: timedelta) -> tuple[str, datetime]:
        """The signed link part and when it ends."""
        ends = datetime.now(UTC) + lasts
        return self._signed(secret, ends), ends

    @classmethod
    def read(cls, token: str, secret: str, ended: bool = False) -> tuple[Invitation, datetime]:
        """The invitation behind a link and when it ends; `ended`: even where that is over. Raises LINK_REFUSED."""
        try:
            options: dict[str, Any] = {"require": ["exp", "for"], "verify_exp": not ended}
            claims = jwt.decode(token, secret, ["HS256"], audience=_AUDIENCE, options=options)  # type: ignore[arg-type]
        except jwt.ExpiredSignatureError:
            raise link_expired() from None
        except jwt.InvalidTokenError:
            raise link_refused("This link is not complete. Open it again as you received it.") from None
        return cls.model_validate(claims["for"]), datetime.fromtimestamp(claims["exp"], UTC)

    def _signed(self, secret: str, ends: datetime) -> str:
        held = self.model_dump(mode="json", exclude_defaults=bool(self.job_id))
        return jwt.encode({"aud": _AUDIENCE, "exp": ends, "for": held}, secret, "HS256")


def fingerprint(token: str) -> str:
    """SHA-256 of a link's token, hex: what is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer_token(authorization: str) -> str:
    """What stands after `Bearer`, in any case; empty without."""
    kind, _, token = authorization.strip().partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def basic_user(authorization: str) -> str:
    """The user's name of HTTP Basic authentication; empty without, or where it cannot be read."""
    kind, _, coded = authorization.strip().partition(" ")
    try:
        return base64.b64decode(coded, validate=True).decode().partition(":")[0] if kind.lower() == "basic" else ""
    except ValueError:
        return ""
