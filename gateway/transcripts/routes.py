"""`/v1/sessions/{session_id}/answers/{index}/transcript.{vtt,srt,txt}`: what was said, to watch, to read, to keep."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from gateway.dependencies import PartsDep
from gateway.errors import transcript_not_found, translation_not_found
from gateway.schemas import MAX_INDEX, ErrorBody
from gateway.transcripts.captions import plain_text, srt, webvtt
from gateway.transcripts.translated import translated

router = APIRouter(tags=["Sessions (v1)"])

FORMATS = {"vtt": (webvtt, "text/vtt"), "srt": (srt, "application/x-subrip"), "txt": (plain_text, "text/plain")}


@router.get(
    "/v1/sessions/{session_id}/answers/{index}/transcript.{format}",
    summary="One answer's transcript",
    response_class=Response,
    responses={200: {"content": {media: {} for _, media in FORMATS.values()}}, 404: {"model": ErrorBody}},
)
async def transcript(
    session_id: str,
    index: Annotated[int, Path(ge=0, le=MAX_INDEX, description="Place of the answer in the session, from 0.")],
    format: Annotated[Literal["vtt", "srt", "txt"], Path(description="WebVTT, SubRip or plain text.")],
    parts: PartsDep,
    language: Annotated[
        Literal["", "en", "id"], Query(description="`en` or `id`: the transcript or its translation. Empty: as spoken.")
    ] = "",
) -> Response:
    """The transcript, or its translation with times that follow the words; empty where nothing was said."""
    session = await parts.sessions.get(session_id)
    if not session.result.uri:
        raise transcript_not_found()
    result = json.loads(await parts.store.read(session.result.uri))
    write, media_type = FORMATS[format]
    return Response(write(_segments(result, index, language)), media_type=media_type)


def _segments(result: dict[str, Any], index: int, language: str) -> list[dict[str, Any]]:
    content = result["content"]
    block: dict[str, Any] = content[index]["result"] if index < len(content) else {}
    found = block["evidence"]["transcript"] if block else None
    if found is None:
        raise transcript_not_found()
    segments: list[dict[str, Any]] = found["segments"]
    if not language or not segments or language == found["language"]:
        return segments
    if not block[f"transkripsi_{language}"]:
        raise translation_not_found()
    return translated(segments, block[f"transkripsi_{language}"])
