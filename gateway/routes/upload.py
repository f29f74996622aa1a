"""`POST /upload`: files stream into the object store while they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request, Response

from gateway.dependencies import Parts, PartsDep, PrincipalDep
from gateway.errors import bad_request, too_large
from gateway.idempotency import Attempt, IdempotencyKey, measured
from gateway.multipart import FormReader, Part
from gateway.schemas import Failure, UploadReply
from gateway.submission import StoredVideo, UploadForm, display_name, upload_request
from servicekit.logs import get_logger
from servicekit.media import CHUNK_BYTES, MediaStore

log = get_logger()
router = APIRouter(tags=["Sessions"])

_TEXT_FIELDS_A_VIDEO = 4  # question, answer_language, reference, and some room
_OTHER_FIELDS = 20

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["candidate_name", "videos", "question"],
                    "properties": {
                        "candidate_name": {"type": "string", "maxLength": 200, "example": "Siti Rahma"},
                        "language": {"type": "string", "enum": ["en", "id"], "default": "en"},
                        "question": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "One for each video, in the same order: the field repeated, or once as a "
                            "JSON array. Also accepted: `questions`, `question[]`, `questions[]`.",
                        },
                        "videos": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "The recordings (MP4, WebM, MOV, MKV, AVI). Also accepted: `videos[]`.",
                        },
                        "answer_language": {
                            "type": "array",
                            "items": {"type": "string", "enum": ["", "en", "id"]},
                            "description": "One for each video where they differ; empty: the session's.",
                        },
                        "reference": {
                            "type": "array",
                            "items": {"type": "string", "maxLength": 10000},
                            "description": "A model answer or key points for each video; may be empty.",
                        },
                        "project_score": {"type": "number", "minimum": 0, "maximum": 100},
                        "consent_reference": {
                            "type": "string",
                            "maxLength": 200,
                            "description": "Where the candidate's consent is on record; some policies require it.",
                        },
                        "policy": {
                            "type": "string",
                            "maxLength": 64,
                            "description": "Name of the policy that the assessment follows, such as `default` or `eu`.",
                        },
                        "rubric": {
                            "type": "string",
                            "maxLength": 64,
                            "description": "Name of the rubric that the answers are rated by: see `/v1/rubrics`.",
                        },
                    },
                }
            }
        },
    }
}


@router.post(
    "/upload",
    summary="Upload videos and start their assessment",
    responses={code: {"model": Failure} for code in (400, 409, 413, 503)},
    openapi_extra=_FORM,
)
async def upload(
    request: Request, response: Response, parts: PartsDep, principal: PrincipalDep, key: IdempotencyKey = ""
) -> UploadReply:
    """Stream the videos into the object store and start a session. Fields may come in any order.

    On any error nothing is kept: neither a file nor a session.
    """
    attempt = await Attempt.of(key, principal, parts.sessions)
    session_id = attempt.session_id
    reader = FormReader(request.headers.get("content-type", ""), request.stream())
    _check_length(request, parts)
    try:
        form = await _received(reader, attempt, parts)
        created = upload_request(session_id, form, parts.settings.max_question_chars)
        created.owner = principal.id
        await parts.sessions.create(created)
    except BaseException as error:  # a cancelled request must not leave files behind either
        if not attempt.belongs_to_another(error):
            await _discard(parts.store, session_id)
        raise
    attempt.mark(response)
    return UploadReply(session_id=session_id, uploaded_videos=len(form.videos))


async def _discard(store: MediaStore, session_id: str) -> None:
    removal = asyncio.create_task(_remove(store, session_id))
    while not removal.done():
        with suppress(asyncio.CancelledError):  # a stopping server cancels more than once
            await asyncio.shield(removal)


async def _remove(store: MediaStore, session_id: str) -> None:
    try:
        await store.delete_prefix(f"sessions/{session_id}")
    except Exception as error:  # the reason why the upload failed is the one to report
        log.error("upload not removed", session_id=session_id, error_type=type(error).__name__)


def _check_length(request: Request, parts: Parts) -> None:
    limit = parts.settings.max_videos * (parts.settings.max_video_bytes + (1 << 20))
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > limit:
        raise too_large(f"The upload is larger than {limit} bytes. Send fewer or smaller videos.")


async def _received(reader: FormReader, attempt: Attempt, parts: Parts) -> UploadForm:
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
    content = _in_blocks(_limited(part, index, parts.settings.max_video_bytes))
    place = f"sessions/{attempt.session_id}/{index}/video"
    media = await (measured(parts.store.uri(place), content) if attempt.replayed else parts.store.write(place, content))
    return StoredVideo(media, display_name(part.file_name or ""))


async def _limited(part: Part, index: int, max_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in part.chunks():
        size += len(chunk)
        if size > max_bytes:
            raise too_large(f"Video {index + 1} is larger than {max_bytes} bytes. Export it smaller.")
        yield chunk


async def _in_blocks(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    # Network reads are at most 64 KiB; each handing over to the store costs a thread switch.
    block = bytearray()
    async for chunk in chunks:
        block += chunk
        if len(block) >= CHUNK_BYTES:
            yield bytes(block)
            block.clear()
    yield bytes(block)
