"""Which organisation a call acts for: named in its metadata by whoever has found out who asks."""

from __future__ import annotations

import re
from typing import Any

import grpc

METADATA = "interview-organisation"
"""Key of a call's metadata."""

DEFAULT = "default"
"""Whom calls act for that name none, and whom everything belongs to where there is one organisation only."""

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""Ids of organisations."""


def named(context: grpc.aio.ServicerContext[Any, Any]) -> str:
    """The organisation that a call names; the default one where it names none."""
    for key, value in context.invocation_metadata() or ():
        if key == METADATA:
            return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return DEFAULT
