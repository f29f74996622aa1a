"""Which organisation a call acts for, and for whom in it: named in its metadata by whoever has found out who asks."""

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
    return _value(context, METADATA, DEFAULT)


VIEWER = "interview-viewer"
"""Key of the metadata that names who sees only the jobs that are open to them; without it a call sees every job."""


def viewer(context: grpc.aio.ServicerContext[Any, Any]) -> str:
    """Whom a call is made for, where they do not see every job; empty: one who does."""
    return _value(context, VIEWER, "")


def _value(context: grpc.aio.ServicerContext[Any, Any], wanted: str, otherwise: str) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == wanted:
            return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return otherwise
