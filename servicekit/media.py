"""The object store: media and artefacts by URI, under one allowed root."""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore, S3Store

from servicekit.errors import field_invalid, media_corrupt, media_not_found
from servicekit.scratch import scratch_folder, sweep
from servicekit.settings import StoreSettings
from servicekit.storage import streams
from servicekit.storage.connection import Missing, attributes_of, open_store, store_errors
from servicekit.storage.counting import Counted
from servicekit.storage.keys import DataKeys
from servicekit.storage.seals import Seals, cut, segments
from servicekit.storage.segments import HEADER_BYTES, DataKey, seal

CHUNK_BYTES = 1 << 20
WHOLE_BYTES = 8 << 20
PARTS_AT_ONCE = 4
PART_BYTES = 5 << 20
"""A stream keeps so many parts in memory while the store writes them, each of this size."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file in the object store. `size_bytes` 0 and `sha256` empty mean: not known, not checked.

    `content_type` is what the store was told, for those who download; no service goes by it.
    """

    uri: str
    size_bytes: int = 0
    sha256: str = ""
    content_type: str = ""


class MediaStore:
    """Reads and writes objects under one root, and refuses every URI outside it. Sizes and hashes are those of the
    content, whether it is encrypted or not.
    """

    def __init__(self, settings: StoreSettings, scratch_dir: Path | None = None, keys: DataKeys | None = None) -> None:
        """Open the root that `settings.object_store` names; a local folder is made if missing. What a process before
        this one left in `scratch_dir` is deleted. Objects of folders that have one of the `keys` are encrypted.
        """
        sweep(scratch_dir)
        root = settings.object_store
        if "://" not in root:
            root = Path(root).absolute().as_uri()
        self.root = root.rstrip("/") + "/"
        self._scratch_dir, self.seals = scratch_dir, Seals(keys)
        self._store = open_store(self.root, settings)

    def uri(self, key: str) -> str:
        """The URI of `key`, a relative path with `/` between its parts."""
        return self.root + key

    def key(self, uri: str) -> str:
        """The key behind `uri`. Raises FIELD_INVALID for anything outside the root."""
        key = uri.removeprefix(self.root)
        if key == uri or not key or any(part in ("", ".", "..") for part in key.split("/")) or "%" in key:
            raise field_invalid("media.uri", "is not under this service's object store")
        return key

    async def write(self, key: str, content: bytes | AsyncIterator[bytes], content_type: str = "") -> Media:
        """Write an object, replacing what is there, and return its reference with size and hash.

        An iterator is streamed; memory stays flat. A failed stream leaves no object behind.
        """
        attributes, data_key = attributes_of(content_type, self.root), await self.seals.to_write(key)
        if isinstance(content, bytes):
            stored = seal(content, data_key, key) if data_key else content
            with store_errors():
                await obstore.put_async(self._store, key, stored, attributes=attributes)
            return Media(self.uri(key), len(content), hashlib.sha256(content).hexdigest(), content_type)
        counted = Counted(content)
        chunks = streams.sealed(counted.chunks(), data_key, key) if data_key else counted.chunks()
        beginning, rest = await streams.beginning(chunks, PART_BYTES)
        with store_errors():  # in one request where it is small; a stream takes three or more
            whole = streams.joined(beginning, rest) if rest else beginning
            await obstore.put_async(self._store, key, whole, attributes=attributes, max_concurrency=PARTS_AT_ONCE)
        return Media(self.uri(key), counted.size_bytes, counted.digest.hexdigest(), content_type)

    async def create(self, key: str, content: bytes) -> bool:
        """Write an object where there is none; False, and nothing changed, where there is one. Of those who try at the
        same time one succeeds.
        """
        if (data_key := await self.seals.to_write(key)) is not None:
            content = seal(content, data_key, key)
        with suppress(obstore.exceptions.AlreadyExistsError), store_errors():
            await obstore.put_async(self._store, key, content, mode="create", use_multipart=False)
            return True
        return False

    async def write_file(self, key: str, path: Path, content_type: str = "") -> Media:
        """Copy a local file into the store."""
        return await self.write(key, _chunks_of(path), content_type)

    async def read(self, uri: str) -> bytes:
        """The whole object. Raises MEDIA_NOT_FOUND."""
        return b"".join([chunk async for chunk in self.stream(uri)])

    async def stream(self, uri: str, data_key: DataKey | None = None) -> AsyncIterator[bytes]:
        """The object in chunks; `data_key`: what a caller has sent along to decrypt it.

        Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN, STORE_REFUSED, KEY_MISSING, KEY_UNREADABLE, MEDIA_CORRUPT.
        """
        async with aclosing(self._stored(uri)) as stored:
            async for chunk in self.seals.opened(stored, self.key(uri), uri, data_key):
                yield chunk

    async def part(self, uri: str, start: int, length: int) -> bytes:
        """`length` bytes of the object from `start` on, or as many as there are; read and checked by segments.

        Raises as `stream`.
        """
        key = self.key(uri)
        with store_errors(media_not_found(uri)):
            size = (await obstore.head_async(self._store, key))["size"]
            header = await self._range(key, 0, min(size, HEADER_BYTES))
        cipher = await self.seals.cipher(header, key, uri)
        first, begin, most = segments(start, length) if cipher else (0, start, length)
        if length <= 0 or (most := min(most, size - begin)) <= 0:
            return b""
        with store_errors(media_not_found(uri)):
            found = await self._range(key, begin, most)
        return found if cipher is None else cut(cipher, found, first, begin + most == size, start, length, uri)

    async def _range(self, key: str, start: int, length: int) -> bytes:
        return bytes(await obstore.get_range_async(self._store, key, start=start, length=length)) if length else b""

    async def size(self, uri: str) -> int:
        """Bytes of the object's content. Raises as `stream`."""
        key = self.key(uri)
        with store_errors(media_not_found(uri)):
            stored = int((await obstore.head_async(self._store, key))["size"])
        return (await self.seals.sizes([(key, stored)]))[0][1]

    async def _stored(self, uri: str) -> AsyncGenerator[bytes]:
        key = self.key(uri)
        with store_errors(media_not_found(uri)):
            found = await obstore.get_async(self._store, key)
            chunks: AsyncIterator[Any]
            if found.meta["size"] <= WHOLE_BYTES:
                # In one piece of the file that was opened: a result may be replaced while it is read.
                chunks = _once(bytes(await found.bytes_async()))
            elif isinstance(self._store, LocalStore):
                chunks = self._ranges(key, found.meta["size"])
            else:
                chunks = aiter(found.stream(min_chunk_size=CHUNK_BYTES))
        while True:
            with store_errors(
                media_not_found(uri)
            ):  # not around `yield`: an error of the reader's own is none of the store
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield bytes(chunk)

    async def _ranges(self, key: str, size: int) -> AsyncIterator[bytes]:
        # A folder's stream reads 8 KiB at a time, each through a thread: some twenty times slower.
        for start in range(0, size, CHUNK_BYTES):
            length = min(CHUNK_BYTES, size - start)
            yield await self._range(key, start, length)

    async def stream_part(self, uri: str, start: int, length: int) -> AsyncIterator[bytes]:
        """As `part`, in chunks."""
        end = start + length
        while start < end and (chunk := await self.part(uri, start, min(CHUNK_BYTES, end - start))):
            yield chunk
            start += len(chunk)

    async def download_url(self, uri: str, expires: timedelta) -> str | None:
        """A URL that reads the object from the store itself until it expires; None where the store is a folder, and for
        what is encrypted.

        It names the store by `s3_endpoint`. Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN, STORE_REFUSED.
        """
        key = self.key(uri)
        if not isinstance(self._store, S3Store) or await self.seals.find(key) is not None:
            return None
        with store_errors(media_not_found(uri)):
            await obstore.head_async(self._store, key)
            return await obstore.sign_async(self._store, "GET", key, expires)

    @asynccontextmanager
    async def local_file(self, media: Media, data_key: DataKey | None = None) -> AsyncIterator[Path]:
        """A local copy of `media` that lives as long as the context; size and SHA-256 are checked while streaming.

        Raises as `stream`, FIELD_INVALID outside the root, and CAPACITY where the disk is full.
        """
        with scratch_folder(self._scratch_dir) as folder:
            path = folder / "media"
            digest, size = hashlib.sha256(), 0
            with path.open("wb") as file:
                async for chunk in self.stream(media.uri, data_key):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
            if (media.size_bytes and size != media.size_bytes) or (media.sha256 and digest.hexdigest() != media.sha256):
                raise media_corrupt(media.uri)
            yield path

    async def exists(self, uri: str) -> bool:
        """Whether there is such an object. Raises UPSTREAM_DOWN, STORE_REFUSED."""
        key = self.key(uri)
        with suppress(Missing), store_errors(Missing()):
            await obstore.head_async(self._store, key)
            return True
        return False

    async def delete(self, uri: str) -> None:
        """Delete one object; it may be gone already. Raises UPSTREAM_DOWN, STORE_REFUSED."""
        key = self.key(uri)
        with suppress(Missing), store_errors(Missing()):
            await obstore.delete_async(self._store, key)

    async def delete_prefix(self, prefix: str) -> int:
        """Delete every object whose key starts with the folder `prefix` and return how many there were."""
        keys = await self.list(prefix)
        for key in keys:
            await self.delete(self.uri(key))
        return len(keys)

    async def move(self, uri: str, key: str) -> None:
        """Give an object another key, replacing what is there; what is encrypted, or will be, is written anew.

        Raises as `stream`.
        """
        if await self.seals.find(self.key(uri)) or await self.seals.to_write(key):
            await self.write(key, self.stream(uri))
            await self.delete(uri)
            return
        with store_errors(media_not_found(uri)):
            await obstore.rename_async(self._store, self.key(uri), key)

    async def list(self, prefix: str) -> list[str]:
        """The keys under the folder `prefix`, sorted."""
        return sorted(await self.modified(prefix))

    async def sizes(self, prefix: str) -> builtins.list[tuple[str, int]]:
        """Key and bytes of every object under the folder `prefix`, sorted by key."""
        with store_errors():
            found = await obstore.list(self._store, prefix=prefix.rstrip("/") + "/").collect_async()
        return await self.seals.sizes(sorted((str(item["path"]), int(item["size"])) for item in found))

    async def begin(self, folder: str, new: bool = False) -> None:
        """From here on what is written in a folder is encrypted: see `folder_of`. Where something lies in it already it
        stays as it is. `new`: nobody is known to have begun it, so its key is not looked for first.
        """
        if (new or await self.seals.key_of(folder) is None) and not await self.list(folder):
            await self.seals.make(folder)

    async def shred(self, folder: str) -> None:
        """Delete the key of a folder: copies of what lay in it cannot be read any more."""
        await self.seals.destroy(folder)

    async def modified(self, prefix: str) -> dict[str, datetime]:
        """When every object under the folder `prefix` was written last, by key."""
        with store_errors():
            found = await obstore.list(self._store, prefix=prefix.rstrip("/") + "/").collect_async()
        return {str(item["path"]): item["last_modified"] for item in found}

    async def folders(self, prefix: str) -> builtins.list[str]:
        """The names of the folders right under the folder `prefix`, sorted."""
        with store_errors():
            found = await obstore.list_with_delimiter_async(self._store, prefix=prefix.rstrip("/") + "/")
        return sorted(str(path).rstrip("/").rpartition("/")[2] for path in found["common_prefixes"])


async def _once(content: bytes) -> AsyncIterator[bytes]:
    if content:
        yield content


async def _chunks_of(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
