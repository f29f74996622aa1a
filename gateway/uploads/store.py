"""Resumable uploads in the object store, so that every gateway can go on with what another one began.

`uploads/<owner>/<id>/upload.json` is the record. What arrived lies in `parts/<offset>` beside it until all of it is
there and becomes `video`. A session that takes the upload moves the video into its own folder; what none has taken is
deleted when it expires.

Two connections may work on one upload: a client comes back while its old connection still stands somewhere. A part is
only ever created, never replaced, so that the second one to write it learns where the upload stands; the record is only
changed under the upload's lock, as it is then and not as it was when a connection began.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta

import grpc
from pydantic import ValidationError

from gateway.errors import (
    offset_differs,
    too_many_uploads,
    upload_damaged,
    upload_incomplete,
    upload_not_found,
    upload_taken,
)
from gateway.organisation import acting
from gateway.settings import GatewaySettings
from gateway.uploads.blocks import blocks
from gateway.uploads.headers import Checksum, UploadMetadata
from gateway.uploads.lock import Lease, locked
from gateway.uploads.record import FOLDER, Upload, owner_folder
from gateway.uploads.recording import StoredVideo
from gateway.uploads.schemas import PageNotes
from servicekit.errors import ServiceError, field_invalid
from servicekit.media import Media, MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()

TAKEN_FOR = timedelta(hours=1)
"""How long the record of a taken upload stays, so that its session can be asked for again."""


class Uploads:
    """Begins, continues and hands over uploads. Owners see their own only; others' look as if they did not exist."""

    def __init__(self, store: MediaStore, lasts: timedelta, max_bytes: int) -> None:
        """`lasts`: from an upload's last byte until it is deleted; `max_bytes`: the largest file."""
        self._store, self._lasts, self._max_bytes = store, lasts, max_bytes

    async def begin(self, owner: str, length: int | None, metadata: UploadMetadata, most: int | None = None) -> Upload:
        """A new upload of `length` bytes; None: said later. Raises TOO_MANY_UPLOADS when the owner has `most`."""
        if most is not None and len(await self._store.folders(owner_folder(owner))) >= most:
            raise too_many_uploads(most)
        upload = Upload(
            id=uuid.uuid4().hex,
            owner=owner,
            organisation=acting(),
            length=length,
            file_name=metadata.file_name,
            metadata=metadata.text,
            sha256=metadata.sha256,
            expire_time=datetime.now(UTC) + self._lasts,
        )
        await self._store.begin(upload.folder, new=True)
        await self._save(upload)
        return upload

    async def get(self, upload_id: str, owner: str) -> Upload:
        """An upload that has not expired. Raises UPLOAD_NOT_FOUND."""
        upload = await self._read(f"{owner_folder(owner)}/{upload_id}") if upload_id.isalnum() else None
        if upload is None or upload.expired:
            raise upload_not_found()
        return upload

    async def of(self, owner: str) -> list[Upload]:
        """All uploads of an owner that have not expired and that no session has taken."""
        folder = owner_folder(owner)
        found = [await self._readable(f"{folder}/{upload_id}") for upload_id in await self._store.folders(folder)]
        return [upload for upload in found if upload is not None and not upload.expired and not upload.session_id]

    async def offset(self, upload: Upload) -> int:
        """How many bytes have arrived."""
        if upload.media is not None:
            return upload.media.size_bytes
        return sum(size for _, size in await self._parts(upload))

    async def append(
        self,
        upload: Upload,
        offset: int,
        body: AsyncIterator[bytes],
        checksum: Checksum | None = None,
        length: int | None = None,
    ) -> int:
        """Store what arrives from `offset` on, and return the new offset; a connection that breaks loses nothing.

        With a checksum of the body nothing of it is kept unless all of it came and fits. `length`: of the whole file,
        where that was not known before.

        Raises OFFSET_DIFFERS unless exactly `offset` bytes are there, also where another connection was quicker;
        FIELD_INVALID for more than the whole file or another length than before; CHECKSUM_DIFFERS; UPLOAD_DAMAGED where
        the whole is not what was announced, and the upload begins anew.
        """
        there = await self.offset(upload)
        if offset != there:
            raise offset_differs(there)
        if length is not None:
            await self._announce(upload, length)
        written = list[str]()
        try:
            most = self._max_bytes if upload.length is None else upload.length
            async with aclosing(blocks(body, most - offset)) as parts:
                async for block in parts:
                    if checksum is not None:
                        checksum.update(block)
                    await self._add_part(upload, there, block, written)
                    there += len(block)
            if checksum is not None:
                checksum.check()
        except BaseException:
            if checksum is not None:
                await self._remove(written)
            raise
        finally:
            await self._settle(upload, there, written)
        return there

    async def note(self, upload: Upload, notes: PageNotes) -> None:
        """Keep what the candidate's page noted, in place of what it did before. Raises UPLOAD_TAKEN."""
        async with self._locked(upload) as lease:
            if upload.session_id:
                raise upload_taken(upload.id)
            upload.page = notes
            await self._save(upload, lease)

    async def delete(self, upload: Upload) -> None:
        """Give an upload up. One that a session has taken stays with the session."""
        folder = upload.folder
        async with locked(self._store, f"{folder}/lock"):
            await self._store.delete_prefix(f"{folder}/parts")
            await self._store.delete(self._store.uri(f"{folder}/video"))
            await self._store.delete_prefix(folder)  # the record last: without it nobody would find the rest
        await self._store.shred(folder)

    async def take(self, upload: Upload, session_id: str, key: str) -> StoredVideo:
        """Move the video to `key` for a session. The same session may ask again.

        Raises UPLOAD_INCOMPLETE, and UPLOAD_TAKEN when another session has it.
        """
        async with self._locked(upload) as lease:
            if upload.session_id == session_id and upload.media is not None:
                return StoredVideo(upload.media, upload.file_name, upload.question, upload.page)
            if upload.session_id:
                raise upload_taken(upload.id)
            if upload.media is None and await self.offset(upload) != upload.length:
                raise upload_incomplete(upload.id)
            media = upload.media or await self._join(upload, lease)
            upload.session_id, upload.media = session_id, Media(self._store.uri(key), media.size_bytes, media.sha256)
            upload.expire_time = datetime.now(UTC) + TAKEN_FOR
            await self._store.begin(f"sessions/{session_id}")
            # Before the move: what a crash leaves in the session's folder is found by `expire`.
            await self._save(upload, lease)
            await self._store.move(media.uri, key)
            return StoredVideo(upload.media, upload.file_name, upload.question, upload.page)

    async def give_back(self, upload: Upload) -> None:
        """Undo `take`, for a session that could not be started."""
        session_id = upload.session_id
        async with self._locked(upload) as lease:
            if upload.media is None or not session_id or upload.session_id != session_id:
                return
            video = f"{upload.folder}/video"
            await self._store.move(upload.media.uri, video)
            upload.session_id = ""
            upload.media = Media(self._store.uri(video), upload.media.size_bytes, upload.media.sha256)
            upload.expire_time = datetime.now(UTC) + self._lasts
            await self._save(upload, lease)

    async def expired(self) -> list[Upload]:
        """Every upload whose time is over."""
        owners = [f"{FOLDER}/{owner}" for owner in await self._store.folders(FOLDER)]
        folders = [f"{owner}/{upload_id}" for owner in owners for upload_id in await self._store.folders(owner)]
        found = [await self._readable(folder) for folder in folders]
        return [upload for upload in found if upload is not None and upload.expired]

    async def _readable(self, folder: str) -> Upload | None:
        """The record, or None with a line in the log: one that is damaged must not keep the others from ending."""
        try:
            return await self._read(folder)
        except ValidationError:
            log.error("upload record damaged", folder=folder)
        except ServiceError as error:
            if error.code != grpc.StatusCode.DATA_LOSS:
                raise
            log.error("upload record unreadable", folder=folder, reason=error.reason)
        return None

    async def _add_part(self, upload: Upload, offset: int, block: bytes, written: list[str]) -> None:
        key = f"{upload.folder}/parts/{offset:015d}"
        if not await self._store.create(key, block):
            there = await self.offset(upload)
            if there != offset:
                raise offset_differs(there)
            await self._store.write(key, block)  # an empty part of the version before, which wrote such at the end
        written.append(key)

    async def _announce(self, upload: Upload, length: int) -> None:
        """Set the length of an upload that began without one. Raises FIELD_INVALID."""
        async with self._locked(upload) as lease:
            if upload.length not in (None, length):
                raise field_invalid("Upload-Length", "was said before and cannot change")
            if length < await self.offset(upload):
                raise field_invalid("Upload-Length", "is less than what has arrived")
            if upload.length is None:
                upload.length = length
                await self._save(upload, lease)

    async def _settle(self, upload: Upload, there: int, written: list[str]) -> None:
        """After a connection's end: the upload lives longer, and is whole if all of it is there."""
        try:
            async with self._locked(upload) as lease:
                if upload.media is None:
                    upload.expire_time = datetime.now(UTC) + self._lasts
                    whole = await self.offset(upload) == upload.length
                    await (self._join(upload, lease) if whole else self._save(upload, lease))
                    return
        except ServiceError as error:
            if error.reason == "UPLOAD_NOT_FOUND":  # given up meanwhile
                await self._remove(written)
            raise
        # Another connection has finished the upload: what this one has written since belongs to nothing.
        await self._remove(written)
        if there < upload.media.size_bytes:
            raise offset_differs(upload.media.size_bytes)

    async def _remove(self, keys: list[str]) -> None:
        for key in reversed(keys):
            await self._store.delete(self._store.uri(key))
        keys.clear()

    @asynccontextmanager
    async def _locked(self, upload: Upload) -> AsyncIterator[Lease]:
        """Hold the upload's lock, with the record as it is now. Raises UPLOAD_NOT_FOUND, UPLOAD_BUSY."""
        async with locked(self._store, f"{upload.folder}/lock") as lease:
            found = await self._read(upload.folder)
            if found is None:
                raise upload_not_found()
            for name in Upload.model_fields:
                setattr(upload, name, getattr(found, name))
            yield lease

    async def _join(self, upload: Upload, lease: Lease) -> Media:
        parts, video = await self._parts(upload), f"{upload.folder}/video"
        media = await self._store.write(video, self._content(parts))
        if media.size_bytes != upload.length or (upload.sha256 and media.sha256 != upload.sha256):
            log.error("upload damaged", bytes=media.size_bytes, announced=upload.length)
            lease.check()
            await self._store.delete(media.uri)
            await self._store.delete_prefix(f"{upload.folder}/parts")
            await self._save(upload, lease)
            raise upload_damaged()
        upload.media = media
        await self._save(upload, lease)
        await self._store.delete_prefix(f"{upload.folder}/parts")
        return media

    async def _content(self, parts: list[tuple[str, int]]) -> AsyncIterator[bytes]:
        for key, _ in parts:
            async for chunk in self._store.stream(self._store.uri(key)):
                yield chunk

    async def _parts(self, upload: Upload) -> list[tuple[str, int]]:
        """Key and size of the parts that follow one another from the beginning.

        Two connections at the same time can leave others; these are passed over.
        """
        found, end = [], 0
        for key, size in await self._store.sizes(f"{upload.folder}/parts"):
            if int(key.rpartition("/")[2]) == end:
                found.append((key, size))
                end += size
        return found

    async def _read(self, folder: str) -> Upload | None:
        try:
            return Upload.model_validate_json(await self._store.read(self._store.uri(f"{folder}/upload.json")))
        except ServiceError as error:
            if error.reason == "MEDIA_NOT_FOUND":
                return None
            raise

    async def _save(self, upload: Upload, lease: Lease | None = None) -> None:
        if lease is not None:
            lease.check()
        await self._store.write(f"{upload.folder}/upload.json", upload.model_dump_json().encode())


def uploads_in(store: MediaStore, settings: GatewaySettings) -> Uploads:
    """The uploads of this gateway."""
    return Uploads(store, timedelta(hours=settings.upload_lifetime_hours), settings.max_video_bytes)
