"""Uploads that become a session's recordings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.submissions.idempotency import Attempt
from gateway.uploads.record import Upload
from gateway.uploads.recording import StoredVideo
from gateway.uploads.store import Uploads
from servicekit.errors import field_invalid


class Taking:
    """What one try of a session takes."""

    def __init__(self, uploads: Uploads, owner: str, attempt: Attempt) -> None:
        """`owner`: whose uploads may be taken."""
        self._uploads, self._owner, self._attempt = uploads, owner, attempt
        self._taken: list[Upload] = []
        self._ids: set[str] = set()

    async def video(self, upload_id: str, index: int) -> StoredVideo:
        """The upload as the recording of an answer. Raises UPLOAD_NOT_FOUND, UPLOAD_INCOMPLETE, UPLOAD_TAKEN."""
        if upload_id in self._ids:
            raise field_invalid("upload_id", "is named twice: every answer needs a recording of its own")
        self._ids.add(upload_id)
        upload = await self._uploads.get(upload_id, self._owner)
        if not upload.session_id:
            self._taken.append(upload)
        return await self._uploads.take(upload, self._attempt.session_id, self._attempt.key(index))

    async def give_back(self) -> None:
        """Leave every upload as it was."""
        for upload in self._taken:
            await self._uploads.give_back(upload)


@asynccontextmanager
async def taking(uploads: Uploads, owner: str, attempt: Attempt) -> AsyncIterator[Taking]:
    """Around the start of a session: where it is refused, or had its recordings before, its uploads can be used again.

    Where nobody knows whether it has started they stay taken: the same request under the same key can be sent again.
    """
    found = Taking(uploads, owner, attempt)
    try:
        yield found
    except BaseException:
        if not attempt.in_doubt:
            await found.give_back()
        raise
    if attempt.replayed and not attempt.waiting:
        await found.give_back()
