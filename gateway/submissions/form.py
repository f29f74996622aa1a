"""Receiving a form with videos: they stream into the object store while they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import Request

from gateway.dependencies import Parts
from gateway.errors import bad_request, too_large
from gateway.submissions.idempotency import Attempt, measured
from gateway.submissions.multipart import FormReader, Part
from gateway.submissions.request import UploadForm
from gateway.uploads.recording import StoredVideo, display_name
from servicekit.media import CHUNK_BYTES, MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()

BLOCKS_AHEAD = 4
_TEXT_FIELDS_A_VIDEO = 4  # question, answer_language, reference, and some room
_OTHER_FIELDS = 20


async def discard(store: MediaStore, attempt: Attempt) -> None:
    """Remove what this try of an upload has stored, even while the server stops.

    What may belong to a session that was recorded stays; what then belongs to none is swept up later.
    """
    if attempt.in_doubt:
        return
    removal = asyncio.create_task(_remove(store, attempt))
    while not removal.done():
        with suppress(asyncio.CancelledError):  # a stopping server cancels more than once
            await asyncio.shield(removal)


async def _remove(store: MediaStore, attempt: Attempt) -> None:
    try:
        for key in attempt.stored:
            await store.delete(store.uri(key))
    except Exception as error:  # the reason why the upload failed is the one to report
        log.error("upload not removed", session_id=attempt.session_id, error_type=type(error).__name__)


async def limited_body(request: Request, max_bytes: int) -> bytes:
    """The whole body. Raises RequestError 413 as soon as it is larger."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > max_bytes:
            raise too_large(f"The body is larger than {max_bytes} bytes.")
    return bytes(content)


def check_length(request: Request, parts: Parts) -> None:
    """Refuse an upload that says itself that it is too large. Raises RequestError 413."""
    limit = parts.settings.max_videos * (parts.settings.max_video_bytes + (1 << 20))
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > limit:
        raise too_large(f"The upload is larger than {limit} bytes. Send fewer or smaller videos.")


async def received(reader: FormReader, attempt: Attempt, parts: Parts) -> UploadForm:
    """Read a form to its end; its videos are in the store then. Raises RequestError 400 and 413."""
    form, count = UploadForm(), 0
    most = _OTHER_FIELDS + parts.settings.max_videos * _TEXT_FIELDS_A_VIDEO
    async for part in reader.parts():
        count += 1
        name = part.name.removesuffix("[]")
        if count > most + parts.settings.max_videos:
            raise bad_request("The form has too many fields.")
        if part.file_name is None:
            form.fields.setdefault(name, []).append(await part.text())
        elif part.file_name or name != "videos":
            form.videos.append(await _stored(part, name, len(form.videos), attempt, parts))
    return form


async def _stored(part: Part, name: str, index: int, attempt: Attempt, parts: Parts) -> StoredVideo:
    if name != "videos":
        raise bad_request(f"Unexpected file field {name[:40]!r}: send the recordings in the field videos.")
    if index >= parts.settings.max_videos:
        raise bad_request(f"Too many videos: at most {parts.settings.max_videos} in one request.")
    content = _ahead(_in_blocks(_limited(part, index, parts.settings.max_video_bytes)))
    key = attempt.key(index)
    if await attempt.has_stored(parts.store, index):
        return StoredVideo(await measured(parts.store.uri(key), content), display_name(part.file_name or ""))
    attempt.stored.append(key)
    async with parts.sessions.turns:
        await parts.store.begin(f"sessions/{attempt.session_id}", new=not attempt.replayed)
    media = await parts.store.write(key, content)
    return StoredVideo(media, display_name(part.file_name or ""))


async def _limited(part: Part, index: int, max_bytes: int) -> AsyncIterator[memoryview]:
    size = 0
    async for chunk in part.chunks():
        size += len(chunk)
        if size > max_bytes:
            raise too_large(f"Video {index + 1} is larger than {max_bytes} bytes. Export it smaller.")
        yield chunk


async def _in_blocks(chunks: AsyncIterator[memoryview]) -> AsyncIterator[bytes]:
    # Network reads are small; each handing over to the store costs a thread switch.
    block, size = list[memoryview](), 0
    async for chunk in chunks:
        block.append(chunk)
        size += len(chunk)
        if size >= CHUNK_BYTES:
            yield b"".join(block)
            block, size = [], 0
    yield b"".join(block)


async def _ahead(blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same blocks, the next few of them received while the store writes one."""
    ready: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(BLOCKS_AHEAD)

    async def receive() -> None:
        try:
            async for block in blocks:
                await ready.put(block)
            await ready.put(None)
        except Exception as error:
            await ready.put(error)

    receiving = asyncio.create_task(receive())
    try:
        while (found := await ready.get()) is not None:
            if isinstance(found, Exception):
                raise found
            yield found
    finally:
        receiving.cancel()
