"""What all that wrap data keys have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import grpc

from servicekit.errors import ServiceError


class UnwrapError(Exception):
    """A wrapped key is damaged, belongs to another folder, or what wrapped it is gone. Waiting does not help."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key that is encrypted. `by`: with which key, as `file:…`, `aws-kms:…` or `vault:…`."""

    by: str
    content: bytes


class KeyWrapping(Protocol):
    """Encrypts data keys. `context` says whose key it is: it opens in the same context only.

    Both raise UPSTREAM_DOWN while what holds the key is away or refuses.
    """

    async def wrap(self, secret: bytes, context: str, key_name: str = "") -> Wrapped:
        """Encrypt a data key, or another secret of up to 4096 bytes, with the key that is current, or with the one that
        is named. Raises KEY_NAME_REFUSED where there is none of that name.
        """

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Decrypt it. Raises UnwrapError."""

    async def close(self) -> None:
        """Let go of connections."""


def key_name_refused(why: str) -> ServiceError:
    """A key that somebody names cannot be used."""
    message = f"This key cannot be used: {why}. Leave the name empty, or name another one."
    return ServiceError(grpc.StatusCode.INVALID_ARGUMENT, "KEY_NAME_REFUSED", message)
