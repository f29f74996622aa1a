"""What all that wrap data keys have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


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

    async def wrap(self, secret: bytes, context: str) -> Wrapped:
        """Encrypt a data key with the key that is current."""

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Decrypt it. Raises UnwrapError."""

    async def close(self) -> None:
        """Let go of connections."""
