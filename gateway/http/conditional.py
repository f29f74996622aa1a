"""Answers that a caller may keep and need not be sent again: entity tags (RFC 9110, 13.1.2)."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import Header, Response

IfNoneMatch = Annotated[
    str,
    Header(alias="If-None-Match", description="`ETag` of what the caller has; still right, the answer is 304, empty."),
]
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "What the caller has is still right."}}


def etag(sha256: str, *more: str) -> str:
    """The tag of what follows from a result and from `more`; empty while there is no result, since all may change.

    Weak, because the same answer is sent with and without compression.
    """
    if not sha256:
        return ""
    digest = hashlib.sha256("\n".join((sha256, *more)).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def keeping(tag: str) -> dict[str, str]:
    """Headers that let the caller's own cache keep the answer, and ask each time whether it still may be seen."""
    return {"ETag": tag, "Cache-Control": "private, no-cache"} if tag else {}


def unchanged(tag: str, if_none_match: str) -> Response | None:
    """The empty answer for a caller that has this already."""
    known = {found.strip().removeprefix("W/") for found in if_none_match.split(",")}
    if not tag or tag.removeprefix("W/") not in known:
        return None
    return Response(status_code=304, headers=keeping(tag))
