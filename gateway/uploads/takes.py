"""How often the questions of a link were answered, so that retakes end where the job says.

A take is a recording of which all has arrived. Those that are there are counted by themselves; of one that is deleted
again `takes/<owner>/<question>/<upload>-<until>` remains, an empty object. What was cut off or is empty is no take, and
neither is what expired before it was handed in.
"""

from __future__ import annotations

import time

from gateway.errors import retakes_used
from gateway.uploads.record import Upload, owner_folder
from gateway.uploads.store import Uploads
from servicekit.media import MediaStore

FOLDER = "takes"
KEPT_S = 120 * 86_400
"""Longer than any link works."""


class Takes:
    """Counts takes of questions. `owner`: the link, as its uploads know it."""

    def __init__(self, store: MediaStore, uploads: Uploads) -> None:
        """Beside the uploads."""
        self._store, self._uploads = store, uploads

    async def check(self, owner: str, question: int, retakes: int, besides: str = "") -> None:
        """Raise RETAKES_USED where a question cannot be answered once more; the upload `besides` is not counted."""
        if len(await self._used(owner, question) - {besides}) > retakes:
            raise retakes_used(retakes)

    async def count(self, owner: str, question: int) -> int:
        """How often a question was answered."""
        return len(await self._used(owner, question))

    async def remember(self, upload: Upload) -> None:
        """Before a take is deleted. What was cut off, or answers no question of a link, is nothing to remember."""
        if upload.question is not None and not upload.session_id and await self._is_whole(upload):
            key = f"{_folder(upload.owner)}/{upload.question}/{upload.id}-{int(time.time()) + KEPT_S}"
            await self._store.create(key, b"")

    async def forget(self, owner: str) -> None:
        """After the hand-in nothing is answered any more."""
        await self._store.delete_prefix(_folder(owner))

    async def sweep_once(self) -> None:
        """Delete what remains of links that ended long ago."""
        for key in await self._store.list(FOLDER):
            if int(key.rpartition("-")[2]) < time.time():
                await self._store.delete(self._store.uri(key))

    async def _is_whole(self, upload: Upload) -> bool:
        """Whether all of a file has arrived, and it is not empty."""
        return bool(upload.length) and await self._uploads.offset(upload) == upload.length

    async def _used(self, owner: str, question: int) -> set[str]:
        """Ids of the takes of a question, also of deleted ones."""
        there = [upload for upload in await self._uploads.of(owner) if upload.question == question]
        whole = {upload.id for upload in there if await self._is_whole(upload)}
        deleted = await self._store.list(f"{_folder(owner)}/{question}")
        return whole | {key.rpartition("/")[2].partition("-")[0] for key in deleted}


def _folder(owner: str) -> str:
    return f"{FOLDER}/{owner_folder(owner).rpartition('/')[2]}"
