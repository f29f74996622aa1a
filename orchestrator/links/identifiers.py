"""How a link is named, and what is known of its token."""

from __future__ import annotations

import re

from servicekit.errors import field_invalid

_ID, _SHA256 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")


def check_id(name: str, value: str) -> str:
    """The id of a link and of its session. Raises FIELD_INVALID."""
    if not _ID.fullmatch(value):
        raise field_invalid(name, "must be 32 lower-case hex digits")
    return value


def check_sha256(name: str, value: str) -> str:
    """The hash of a link's token. Raises FIELD_INVALID."""
    if not _SHA256.fullmatch(value):
        raise field_invalid(name, "must be 64 lower-case hex digits")
    return value
