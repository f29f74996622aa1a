"""The object store: media and artefacts by URI, under one allowed root."""

from __future__ import annotations

import asyncio
import builtins
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from servicekit.errors import field_invalid, media_corrupt, media_not_found, upstream_down
from servicekit.settings import StoreSettings

CHUNK_BYTES = 1 << 20
SMALL_BYTES = 64 << 10
"""Not worth a thread."""


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
        counted = _Counted(_once(content) if isinstance(content, bytes) else content)
        attributes = _attributes(content_type, self.root)
        with _store_errors():
            await obstore.put_async(self._store, key, counted.chunks(), attributes=attributes)
        return Media(self.uri(key), counted.size_bytes, counted.digest.hexdigest(), content_type)

    async def write_file(self, key: str, path: Path, content_type: str = "") -> Media:
        """Copy a local file into the store."""
        return await self.write(key, _chunks_of(path), content_type)

    async def read(self, uri: str) -> bytes:
        """The whole object. Raises MEDIA_NOT_FOUND."""
        return b"".join([chunk async for chunk in self.stream(uri)])

    async def stream(self, uri: str) -> AsyncIterator[bytes]:
        """The object in chunks. Raises MEDIA_NOT_FOUND, UPSTREAM_DOWN."""
        key = self.key(uri)
        try:
            found = await obstore.get_async(self._store, key)
            async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)
        except (FileNotFoundError, obstore.exceptions.NotFoundError):
            raise media_not_found(uri) from None
        except obstore.exceptions.BaseError as error:
            raise upstream_down("The object store") from error

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

    async def delete(self, uri: str) -> None:
        """Delete one object; it may be gone already."""
        try:
            await obstore.delete_async(self._store, self.key(uri))
        except (FileNotFoundError, obstore.exceptions.NotFoundError):
            return

    async def delete_prefix(self, prefix: str) -> int:
        """Delete every object whose key starts with the folder `prefix` and return how many there were."""
        keys = await self.list(prefix)
        for key in keys:
            await self.delete(self.uri(key))
        return len(keys)

    async def move(self, uri: str, key: str) -> None:
        """Give an object another key, replacing what is there. Raises MEDIA_NOT_FOUND."""
        try:
            await obstore.rename_async(self._store, self.key(uri), key)
        except (FileNotFoundError, obstore.exceptions.NotFoundError):
            raise media_not_found(uri) from None
        except obstore.exceptions.BaseError as error:
            raise upstream_down("The object store") from error

    async def list(self, prefix: str) -> list[str]:
        """The keys under the folder `prefix`, sorted."""
        return [key for key, _ in await self.sizes(prefix)]

    async def sizes(self, prefix: str) -> builtins.list[tuple[str, int]]:
        """Key and bytes of every object under the folder `prefix`, sorted by key."""
        with _store_errors():
            found = await obstore.list(self._store, prefix=prefix.rstrip("/") + "/").collect_async()
        return sorted((str(item["path"]), int(item["size"])) for item in found)

    async def folders(self, prefix: str) -> builtins.list[str]:
        """The names of the folders right under the folder `prefix`, sorted."""
        with _store_errors():
            found = await obstore.list_with_delimiter_async(self._store, prefix=prefix.rstrip("/") + "/")
        return sorted(str(path).rstrip("/").rpartition("/")[2] for path in found["common_prefixes"])


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
    plain = settings.s3_endpoint.startswith("http://")
    return S3Store(bucket, prefix=prefix or None, client_options={"allow_http": plain}, **options)  # type: ignore[arg-type]


def _attributes(content_type: str, root: str) -> dict[str, str] | None:
    # The local store keeps no attributes and refuses them.
    return {"Content-Type": content_type} if content_type and root.startswith("s3:") else None


@contextmanager
def _store_errors() -> Iterator[None]:
    """A store that fails or is full is down for the caller; what the caller's own stream raises stays as it is."""
    try:
        yield
    except (obstore.exceptions.BaseError, OSError) as error:
        raise upstream_down("The object store") from error


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


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _chunks_of(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
