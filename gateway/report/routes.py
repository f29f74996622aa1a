"""`GET /v1/sessions/{session_id}/report.pdf`: the assessment to print and to keep."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from gateway.dependencies import Parts, PartsDep
from gateway.errors import no_result
from gateway.http.conditional import NOT_MODIFIED, IfNoneMatch, etag, keeping, unchanged
from gateway.published import Result
from gateway.report.printout import data_uri, pdf
from gateway.report.view import Files, view, wanted_files
from gateway.schemas import ErrorBody
from gateway.sessions.wire import session_body
from servicekit.errors import ServiceError

router = APIRouter(tags=["Sessions (v1)"])
_printing = asyncio.Semaphore(2)
"""Reports at the same time; each takes a core."""


@router.get(
    "/v1/sessions/{session_id}/report.pdf",
    summary="The assessment as a PDF",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}},
        400: {"model": ErrorBody},
        404: {"model": ErrorBody},
        **NOT_MODIFIED,
    },
)
async def report(
    session_id: str,
    request: Request,
    parts: PartsDep,
    language: Annotated[
        Literal["", "en", "id"], Query(description="Language of the report. Empty: the session's.")
    ] = "",
    if_none_match: IfNoneMatch = "",
) -> Response:
    """Proposal and decision, figures with their terms, every answer with its evidence in time, and who made it."""
    session = await parts.sessions.get(session_id)
    if not session.result.uri:
        raise no_result()
    body = session_body(session, parts.base_url(request))
    spoken = language or session.language_code
    tag = etag(session.result.sha256, spoken, body.model_dump_json(), request.app.version)
    if known := unchanged(tag, if_none_match):
        return known
    result = Result.model_validate_json(await parts.store.read(session.result.uri))
    files = await _files(parts, session_id, result)
    async with _printing:
        content = await asyncio.to_thread(lambda: pdf(view(result, body, files, spoken)))
    # What lacks something now will be whole another time: nobody is to keep it.
    kept = {"Cache-Control": "no-store"} if files.unreadable else keeping(tag)
    headers = {"Content-Disposition": _disposition(session_id, session.candidate_name)} | kept
    return Response(content, media_type="application/pdf", headers=headers)


def _disposition(session_id: str, candidate_name: str) -> str:
    given = quote(f"{candidate_name} {session_id[:8]}.pdf")
    return f"inline; filename=\"assessment-{session_id[:8]}.pdf\"; filename*=UTF-8''{given}"


async def _files(parts: Parts, session_id: str, result: Result) -> Files:
    """What the report draws; what is gone is left out, what cannot be read now is counted."""
    timelines, stills = wanted_files(result)
    found = {name: await _artefact(parts, session_id, name) for name in (*timelines, *stills)}
    return Files(
        {name: json.loads(content) for name in timelines if (content := found[name])},
        {name: data_uri("image/jpeg", content) for name in stills if (content := found[name])},
        sum(content is None for content in found.values()),
    )


async def _artefact(parts: Parts, session_id: str, name: str) -> bytes | None:
    """The content; empty where it is gone, None where it cannot be read now."""
    try:
        return await parts.store.read(parts.store.uri(f"sessions/{session_id}/{name}"))
    except ServiceError as error:
        return b"" if error.reason == "MEDIA_NOT_FOUND" else None
