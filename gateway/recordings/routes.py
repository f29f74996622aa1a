"""`/v1/sessions/{session_id}/answers/{index}/recording`: what a candidate recorded, whole or in parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import StreamingResponse
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.dependencies import PartsDep
from gateway.errors import answer_not_found
from gateway.recordings.ranges import ByteRange, NotSatisfiable, asked_range
from gateway.recordings.refusals import range_not_satisfiable, recording_not_found
from gateway.schemas import MAX_INDEX, ErrorBody

router = APIRouter(tags=["Sessions (v1)"])
_FILE = {"schema": {"type": "string", "format": "binary"}}
_MEDIA: dict[str, Any] = {"video/mp4": _FILE, "audio/mp4": _FILE}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "All of it.", "content": _MEDIA},
    206: {"description": "The range of bytes that `Range` asks for.", "content": _MEDIA},
    404: {"model": ErrorBody},
    416: {"model": ErrorBody, "description": "It has no such bytes; `Content-Range` says how many it has."},
}


async def recording(
    session_id: str,
    index: Annotated[int, Path(ge=0, le=MAX_INDEX, description="Place of the answer in the session, from 0.")],
    request: Request,
    parts: PartsDep,
    range: Annotated[str, Header(max_length=200, description="Which bytes, such as `bytes=0-1023`.")] = "",
    if_range: Annotated[
        str, Header(alias="If-Range", max_length=200, description="`ETag` of the file that `Range` is about.")
    ] = "",
) -> Response:
    """The copy that is kept to be played as long as the policy says: H.264 and AAC in MP4, with the transcript's times.

    Who opens it is recorded, once for all the parts that are read in the half hour after it.
    """
    playback = _playable(await parts.sessions.get(session_id), index)
    size, tag = playback.media.size_bytes, f'"{playback.media.sha256}"'
    try:
        part = asked_range(range, if_range, tag, size)
    except NotSatisfiable:
        raise range_not_satisfiable(size) from None
    wanted = part or ByteRange(0, size)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(wanted.length),
        "Content-Type": playback.content_type,
        "ETag": tag,
    }
    if part:
        headers["Content-Range"] = part.of(size)
    status = 206 if part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    content = await _begun(parts.store.stream_part(playback.media.uri, wanted.start, wanted.length))
    return StreamingResponse(content, status, headers)


for _method in ("GET", "HEAD"):
    router.add_api_route(
        "/v1/sessions/{session_id}/answers/{index}/recording",
        recording,
        methods=[_method],
        summary="One answer's recording" if _method == "GET" else "Size and type of an answer's recording",
        response_class=Response,
        responses=_ANSWERS,
    )


def _playable(session: pb.Session, index: int) -> pb.Playback:
    """What can be played of an answer now. Raises ANSWER_NOT_FOUND, RECORDING_NOT_FOUND."""
    if index >= len(session.answers):
        raise answer_not_found()
    playback = session.answers[index].playback
    over = playback.HasField("expire_time") and playback.expire_time.ToDatetime(UTC) <= datetime.now(UTC)
    if playback.state != pb.PLAYBACK_STATE_READY or over:
        raise recording_not_found()
    return playback


async def _begun(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same chunks, the first of which is there: what is gone is said before anything is sent."""
    first = await anext(chunks, b"")

    async def all_of_it() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return all_of_it()
