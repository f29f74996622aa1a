"""Whose key an object has, and what is said where it cannot be read."""

from __future__ import annotations

from typing import Protocol

import grpc

from servicekit.errors import ServiceError
from servicekit.storage.segments import DataKey
from servicekit.telemetry import metrics

_OPEN = "lock"
"""Folder of an upload's locks, which say nothing of anybody and are written and read far more often than the rest."""


class DataKeys(Protocol):
    """Where data keys are. A folder has one from its beginning, or never."""

    async def find(self, folder: str, fresh: bool = False) -> DataKey | None:
        """The key of a folder; None: what is in it is not encrypted. `fresh`: whatever was known before.

        Raises UPSTREAM_DOWN, KEY_UNREADABLE.
        """

    async def to_write(self, folder: str) -> DataKey | None:
        """The same for one who writes. Raises MEDIA_NOT_FOUND where what the folder is for was deleted."""

    async def make(self, folder: str) -> DataKey | None:
        """The key of a folder, a new one where it has none; None where there is to be none."""

    async def destroy(self, folder: str) -> None:
        """Delete the key of a folder: whatever copies there are of what lay in it, nobody reads them any more."""


def folder_of(name: str) -> str:
    """The folder whose key an object has: of its session, its upload or its consent; empty for any other object."""
    match name.split("/"):
        case ["sessions", session_id, _, *_]:
            return f"sessions/{session_id}"
        case ["results", file]:
            return f"sessions/{file.removesuffix('.json')}"
        case ["consents", file]:
            return f"consents/{file.removesuffix('.json')}"
        case ["uploads", owner, upload_id, inside, *_] if inside != _OPEN:
            return f"uploads/{owner}/{upload_id}"
    return ""


def key_missing(uri: str) -> ServiceError:
    """The object is encrypted and its key is not there (any more)."""
    message = "This cannot be read: it is encrypted, and its key is not there. See docs/encryption.md."
    metrics.UNREADABLE.labels("KEY_MISSING").inc()
    return ServiceError(grpc.StatusCode.DATA_LOSS, "KEY_MISSING", message, {"uri": uri})


def key_unreadable(folder: str) -> ServiceError:
    """The key is there and cannot be unwrapped: it is damaged, or the key that wraps it is gone."""
    message = "This cannot be read: its key is damaged, or the key that encrypts keys is gone. See docs/encryption.md."
    metrics.UNREADABLE.labels("KEY_UNREADABLE").inc()
    return ServiceError(grpc.StatusCode.DATA_LOSS, "KEY_UNREADABLE", message, {"folder": folder})
