"""What a candidate's link opens: the invitation in it, as long as nobody has revoked it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Header, Request

from gateway.access.invitation import Invitation
from gateway.dependencies import PartsDep

Authorization = Annotated[str, Header(description="`Bearer`, a space, and what stands in the link after `#`.")]


async def opened(request: Request, parts: PartsDep, authorization: Authorization = "") -> tuple[Invitation, datetime]:
    """The invitation behind a link and when it ends, which the guard has found. Raises LINK_REFUSED."""
    del authorization  # the guard has read it; it stands here to be described
    return cast(tuple[Invitation, datetime], request.state.invitation)


OpenedDep = Annotated[tuple[Invitation, datetime], Depends(opened)]


async def _invitation(found: OpenedDep) -> Invitation:
    return found[0]


InvitationDep = Annotated[Invitation, Depends(_invitation)]
"""What the caller was invited to. Raises LINK_REFUSED."""
