"""The object store: media and artefacts by URI, under one allowed root."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from servicekit.errors import field_invalid, media_corrupt, media_not_found, store_refused, upstream_down
from servicekit.settings import StoreSettings

CHUNK_BYTES = 1 << 20
# obstore ends every request after 30 seconds by default, its body included: too short for a long recording. What
# stands still is noticed by the time between two reads. It also tries for 3 minutes, longer than callers wait.
_TIMEOUTS = {"timeout": timedelta(hours=1), "read_timeout": timedelta(seconds=60)}
_RETRIES = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}
_REFUSALS = ("NoSuchBucket", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken")
"""Codes of S3 that say that the settings are wrong. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""


@dataclass(frozen=True, slots=True)
class Media:
    """A file in the object store. `size_bytes` 0 and `sha256` empty mean: not known, not checked."""

    uri: str
    size_bytes: int = 0
    sha256: str = ""
    content_type: str = ""


class MediaStore:
    """Reads and writes objects under one root, and refuses every URI outside it."""

    def __init__(self, settings: StoreSettings, scratch_dir: Path | None = None) -> None:
        """Open the root that `settings.object_store` names; a local folder is made if missing."""
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
        digest, size = hashlib.sha256(), 0

        def count(chunk: bytes) -> bytes:
            nonlocal size
            digest.update(chunk)
            size += len(chunk)
            return chunk

        # What is there as a whole goes in one request where it is small; a stream always takes three or more.
        counted = count(content) if isinstance(content, bytes) else (count(chunk) async for chunk in content)
        attributes = _attributes(content_type, self.root)
        with _store_errors():
            await obstore.put_async(self._store, key, counted, attributes=attributes)
        return Media(self.uri(key), size, digest.hexdigest(), content_type)

    async def write_file(self, key: str, path: Path, content_type: str = "") -> Media:
        """Copy a local file into the store."""
        return await self.write(key, _chunks_of(path), content_type)

    async def read(self, uri: str) -> bytes:
        """The whole object. Raises MEDIA_NOT_FOUND."""
        return b"".join([chunk async for chunk in self.stream(uri)])

    async def stream(self, uri: str) -> AsyncIterator[bytes]:
        """The object in chunks. Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN, STORE_REFUSED."""
        key = self.key(uri)
        with _store_errors(uri):
            found = await obstore.get_async(self._store, key)
            chunks = found.stream(min_chunk_size=CHUNK_BYTES)
        while True:
            with _store_errors(uri):  # not around `yield`: an error of the reader's own is none of the store
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield bytes(chunk)

    async def download_url(self, uri: str, expires: timedelta) -> str | None:
        """A URL that reads the object from the store itself until it expires; None where the store is a folder.

        It names the store by `s3_endpoint`. Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN, STORE_REFUSED.
        """
        key = self.key(uri)
        if not isinstance(self._store, S3Store):
            return None
        with _store_errors(uri):
            await obstore.head_async(self._store, key)
            return await obstore.sign_async(self._store, "GET", key, expires)

    @asynccontextmanager
    async def local_file(self, media: Media) -> AsyncIterator[Path]:
        """A local copy of `media` that lives as long as the context; size and SHA-256 are checked while streaming.

        Raises MEDIA_NOT_FOUND, MEDIA_CORRUPT, UPSTREAM_DOWN, and FIELD_INVALID outside the root.
        """
        with tempfile.TemporaryDirectory(prefix="interview-", dir=self._scratch_dir) as folder:
            path = Path(folder) / "media"
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
        with suppress(_Missing), _store_errors():
            await obstore.head_async(self._store, key)
            return True
        return False

    async def delete(self, uri: str) -> None:
        """Delete one object; it may be gone already. Raises UPSTREAM_DOWN, STORE_REFUSED."""
        key = self.key(uri)
        with suppress(_Missing), _store_errors():
            await obstore.delete_async(self._store, key)

    async def delete_prefix(self, prefix: str) -> int:
        """Delete every object whose key starts with the folder `prefix` and return how many there were."""
        keys = await self.list(prefix)
        for key in keys:
            await self.delete(self.uri(key))
        return len(keys)

    async def list(self, prefix: str) -> list[str]:
        """The keys under the folder `prefix`, sorted."""
        with _store_errors():
            found = await obstore.list(self._store, prefix=prefix.rstrip("/") + "/").collect_async()
        return sorted(str(item["path"]) for item in found)


def _open(root: str, settings: StoreSettings) -> ObjectStore:
    parts = urlsplit(root)
    if parts.scheme == "file":
        return LocalStore(prefix=Path(unquote(parts.path)), mkdir=True, automatic_cleanup=True)
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


def _attributes(content_type: str, root: str) -> dict[str, str] | None:
    # The local store keeps no attributes and refuses them.
    return {"Content-Type": content_type} if content_type and root.startswith("s3:") else None


class _Missing(Exception):
    """There is no such object."""


@contextmanager
def _store_errors(uri: str = "") -> Iterator[None]:
    """Errors of the store in our words. What the caller's own stream raises stays as it is.

    A missing object is MEDIA_NOT_FOUND where its `uri` is given, else `_Missing`.
    """
    try:
        yield
    except (obstore.exceptions.BaseError, OSError) as error:
        if any(refusal in str(error) for refusal in _REFUSALS):
            raise store_refused() from error
        if isinstance(error, FileNotFoundError):
            raise (media_not_found(uri) if uri else _Missing()) from None
        raise upstream_down("The object store") from error


async def _chunks_of(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
