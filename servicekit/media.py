"""The object store: media and artefacts by URI, under one allowed root."""

from __future__ import annotations

import asyncio
import builtins
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from servicekit.errors import field_invalid, media_corrupt, media_not_found, storage_down, store_refused
from servicekit.folders import make_private
from servicekit.scratch import scratch_folder, sweep
from servicekit.settings import StoreSettings

CHUNK_BYTES = 1 << 20
WHOLE_BYTES = 8 << 20
PARTS_AT_ONCE = 4
"""Parts of 5 MiB that a stream keeps in memory while the store writes them."""
SMALL_BYTES = 64 << 10
"""Not worth a thread."""
# obstore ends every request after 30 seconds by default, its body included: too short for a long recording. What
# stands still is noticed by the time between two reads; copying a large object may answer late. It also tries again
# for 3 minutes by default, longer than callers wait.
_TIMEOUTS = {"timeout": timedelta(hours=1), "read_timeout": timedelta(minutes=2)}
_RETRIES = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}
_REFUSED = (obstore.exceptions.PermissionDeniedError, obstore.exceptions.UnauthenticatedError)
_REFUSALS = ("NoSuchBucket", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken")
"""Codes of S3 that say that the settings are wrong. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""


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
    """Reads and writes objects under one root, and refuses every URI outside it."""

    def __init__(self, settings: StoreSettings, scratch_dir: Path | None = None) -> None:
        """Open the root that `settings.object_store` names; a local folder is made if missing. What a process before
        this one left in `scratch_dir` is deleted.
        """
        sweep(scratch_dir)
        root = settings.object_store
        if "://" not in root:
            root = Path(root).absolute().as_uri()
        self.root = root.rstrip("/") + "/"
        self._scratch_dir = scratch_dir
        self._store = _open(self.root, settings)

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
        attributes = _attributes(content_type, self.root)
        if isinstance(content, bytes):  # in one request where it is small; a stream always takes three or more
            with _store_errors():
                await obstore.put_async(self._store, key, content, attributes=attributes)
            return Media(self.uri(key), len(content), hashlib.sha256(content).hexdigest(), content_type)
        counted = _Counted(content)
        with _store_errors():
            await obstore.put_async(
                self._store, key, counted.chunks(), attributes=attributes, max_concurrency=PARTS_AT_ONCE
            )
        return Media(self.uri(key), counted.size_bytes, counted.digest.hexdigest(), content_type)

    async def create(self, key: str, content: bytes) -> bool:
        """Write an object where there is none; False, and nothing changed, where there is one. Of those who try at the
        same time one succeeds.
        """
        with suppress(obstore.exceptions.AlreadyExistsError), _store_errors():
            await obstore.put_async(self._store, key, content, mode="create", use_multipart=False)
            return True
        return False

    async def write_file(self, key: str, path: Path, content_type: str = "") -> Media:
        """Copy a local file into the store."""
        return await self.write(key, _chunks_of(path), content_type)

    async def read(self, uri: str) -> bytes:
        """The whole object. Raises MEDIA_NOT_FOUND."""
        return b"".join([chunk async for chunk in self.stream(uri)])

    async def stream(self, uri: str) -> AsyncIterator[bytes]:
        """The object in chunks. Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN, STORE_REFUSED."""
        key = self.key(uri)
        with _store_errors(media_not_found(uri)):
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
            with _store_errors(
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
            yield bytes(await obstore.get_range_async(self._store, key, start=start, length=length))

    async def part(self, uri: str, start: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes of the object from byte `start` on, in chunks; fewer where it ends before.

        Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN, STORE_REFUSED.
        """
        key, end = self.key(uri), start + length
        while start < end:
            asked = min(CHUNK_BYTES, end - start)
            with _store_errors(media_not_found(uri)):
                chunk = bytes(await obstore.get_range_async(self._store, key, start=start, length=asked))
            if not chunk:
                return
            yield chunk
            start += len(chunk)

    async def download_url(self, uri: str, expires: timedelta) -> str | None:
        """A URL that reads the object from the store itself until it expires; None where the store is a folder.

        It names the store by `s3_endpoint`. Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN, STORE_REFUSED.
        """
        key = self.key(uri)
        if not isinstance(self._store, S3Store):
            return None
        with _store_errors(media_not_found(uri)):
            await obstore.head_async(self._store, key)
            return await obstore.sign_async(self._store, "GET", key, expires)

    @asynccontextmanager
    async def local_file(self, media: Media) -> AsyncIterator[Path]:
        """A local copy of `media` that lives as long as the context; size and SHA-256 are checked while streaming.

        Raises MEDIA_NOT_FOUND, MEDIA_CORRUPT, UPSTREAM_DOWN, FIELD_INVALID outside the root, and CAPACITY where the
        disk is full.
        """
        with scratch_folder(self._scratch_dir) as folder:
            path = folder / "media"
            digest, size = hashlib.sha256(), 0
            with path.open("wb") as file:
                async for chunk in self.stream(media.uri):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
            if (media.size_bytes and size != media.size_bytes) or (media.sha256 and digest.hexdigest() != media.sha256):
                raise media_corrupt(media.uri)
            yield path

    async def exists(self, uri: str) -> bool:
        """Whether there is such an object. Raises UPSTREAM_DOWN, STORE_REFUSED."""
        key = self.key(uri)
        with suppress(_Missing), _store_errors(_Missing()):
            await obstore.head_async(self._store, key)
            return True
        return False

    async def delete(self, uri: str) -> None:
        """Delete one object; it may be gone already. Raises UPSTREAM_DOWN, STORE_REFUSED."""
        key = self.key(uri)
        with suppress(_Missing), _store_errors(_Missing()):
            await obstore.delete_async(self._store, key)

    async def delete_prefix(self, prefix: str) -> int:
        """Delete every object whose key starts with the folder `prefix` and return how many there were."""
        keys = await self.list(prefix)
        for key in keys:
            await self.delete(self.uri(key))
        return len(keys)

    async def move(self, uri: str, key: str) -> None:
        """Give an object another key, replacing what is there. Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN, STORE_REFUSED."""
        with _store_errors(media_not_found(uri)):
            await obstore.rename_async(self._store, self.key(uri), key)

    async def list(self, prefix: str) -> list[str]:
        """The keys under the folder `prefix`, sorted."""
        return [key for key, _ in await self.sizes(prefix)]

    async def sizes(self, prefix: str) -> builtins.list[tuple[str, int]]:
        """Key and bytes of every object under the folder `prefix`, sorted by key."""
        with _store_errors():
            found = await obstore.list(self._store, prefix=prefix.rstrip("/") + "/").collect_async()
        return sorted((str(item["path"]), int(item["size"])) for item in found)

    async def modified(self, prefix: str) -> dict[str, datetime]:
        """When every object under the folder `prefix` was written last, by key."""
        with _store_errors():
            found = await obstore.list(self._store, prefix=prefix.rstrip("/") + "/").collect_async()
        return {str(item["path"]): item["last_modified"] for item in found}

    async def folders(self, prefix: str) -> builtins.list[str]:
        """The names of the folders right under the folder `prefix`, sorted."""
        with _store_errors():
            found = await obstore.list_with_delimiter_async(self._store, prefix=prefix.rstrip("/") + "/")
        return sorted(str(path).rstrip("/").rpartition("/")[2] for path in found["common_prefixes"])


def _open(root: str, settings: StoreSettings) -> ObjectStore:
    parts = urlsplit(root)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        make_private(folder)
        return LocalStore(prefix=folder, automatic_cleanup=True)
    if parts.scheme != "s3":
        raise field_invalid("INTERVIEW_OBJECT_STORE", "must be a folder, file:// or s3://")
    return _open_s3(parts.netloc, parts.path.strip("/"), settings)


def _open_s3(bucket: str, prefix: str, settings: StoreSettings) -> S3Store:
    options: dict[str, object] = {"region": settings.s3_region}
    if settings.s3_endpoint:
        options["endpoint"] = settings.s3_endpoint
    if settings.s3_access_key_id:
        options["access_key_id"] = settings.s3_access_key_id
        options["secret_access_key"] = settings.s3_secret_access_key.get_secret_value()
    client: dict[str, object] = {"allow_http": settings.s3_endpoint.startswith("http://"), **_TIMEOUTS}
    return S3Store(bucket, prefix=prefix or None, client_options=client, retry_config=_RETRIES, **options)  # type: ignore[arg-type]


async def _once(content: bytes) -> AsyncIterator[bytes]:
    if content:
        yield content


def _attributes(content_type: str, root: str) -> dict[str, str] | None:
    # The local store keeps no attributes and refuses them.
    return {"Content-Type": content_type} if content_type and root.startswith("s3:") else None


class _Missing(Exception):
    """There is no such object."""


@contextmanager
def _store_errors(missing: Exception | None = None) -> Iterator[None]:
    """Errors of the store in our words: `missing` where there is no such object. A caller's own stays as it is."""
    try:
        yield
    except obstore.exceptions.AlreadyExistsError:
        raise  # only where that was asked for
    except (obstore.exceptions.BaseError, OSError) as error:
        if isinstance(error, _REFUSED) or any(code in str(error) for code in _REFUSALS):
            raise store_refused() from error
        if isinstance(error, FileNotFoundError) and missing is not None:
            raise missing from None
        raise storage_down("object store") from error


class _Counted:
    """Counts and hashes what passes; each large chunk is hashed in a thread while the store writes it."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        self.digest, self.size_bytes = hashlib.sha256(), 0
        self._content = content

    async def chunks(self) -> AsyncIterator[bytes]:
        hashing: asyncio.Future[None] | None = None
        async for chunk in self._content:
            if hashing is not None:
                await hashing
            hashing = self._hashed(chunk)
            self.size_bytes += len(chunk)
            yield chunk
        if hashing is not None:
            await hashing

    def _hashed(self, chunk: bytes) -> asyncio.Future[None] | None:
        if len(chunk) < SMALL_BYTES:
            self.digest.update(chunk)
            return None
        return asyncio.get_running_loop().run_in_executor(None, self.digest.update, chunk)


async def _chunks_of(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
