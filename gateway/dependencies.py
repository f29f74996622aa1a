"""What routes are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from gateway.access.guard import Guard
from gateway.access.principal import Principal
from gateway.consents.store import Consents
from gateway.impact.orchestrator import Impact
from gateway.jobs.orchestrator import Jobs
from gateway.letters.orchestrator import Letters
from gateway.notes.orchestrator import Notes
from gateway.orchestrator import Sessions
from gateway.settings import GatewaySettings
from gateway.uploads.store import Uploads
from gateway.uploads.takes import Takes
from servicekit.media import MediaStore

COUNTED_HERE = 1 << 62
"""`max_body_size` of routes that take recordings: their own settings limit each file."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that the routes work with."""

    settings: GatewaySettings
    store: MediaStore
    sessions: Sessions
    guard: Guard
    uploads: Uploads
    takes: Takes
    consents: Consents
    jobs: Jobs
    notes: Notes
    letters: Letters
    impact: Impact

    def base_url(self, request: Request) -> str:
        """The address of this gateway as people reach it, without a slash at its end."""
        return (self.settings.public_url or str(request.base_url)).rstrip("/")


def _parts(request: Request) -> Parts:
    return cast(Parts, request.app.state.parts)


PartsDep = Annotated[Parts, Depends(_parts)]


async def guarded(request: Request, parts: PartsDep) -> None:
    """Before every operation: see `Guard.check`."""
    await parts.guard.check(request)


def _principal(request: Request) -> Principal:
    return cast(Principal, request.state.principal)


PrincipalDep = Annotated[Principal, Depends(_principal)]
