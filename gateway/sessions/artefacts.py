"""`/v1/sessions/{session_id}/artefacts/...`: stills and timelines that a result names, and the candidate's consent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

import grpc
from fastapi import APIRouter, Path, Response
from fastapi.responses import RedirectResponse

from gateway.dependencies import Parts, PartsDep
from gateway.errors import artefact_not_found
from gateway.http.conditional import NOT_MODIFIED, IfNoneMatch, etag, keeping, unchanged
from gateway.schemas import ErrorBody
from servicekit.errors import ServiceError

router = APIRouter(tags=["Sessions (v1)"])
URL_LIFETIME = timedelta(minutes=5)
_SHOWN = (
    (re.compile(r"\d{1,3}/stills/\d{1,4}\.jpg"), "image/jpeg"),
    (re.compile(r"\d{1,3}/timeline\.json"), "application/json"),
    (re.compile(r"consent\.json"), "application/json"),
)
"""What may be seen of a session's folder. Voice and face embeddings lie there too and never leave."""


@router.get(
    "/v1/sessions/{session_id}/artefacts/{name:path}",
    summary="A still, a timeline or the consent",
    response_class=Response,
    responses={
        200: {"content": {media: {} for _, media in _SHOWN}},
        307: {"description": "The object store gives it out (`GATEWAY_PRESIGNED_DOWNLOADS`)."},
        404: {"model": ErrorBody},
        **NOT_MODIFIED,
    },
)
async def artefact(
    session_id: str,
    name: Annotated[str, Path(description="As the result names it, such as `0/timeline.json`; or `consent.json`.")],
    parts: PartsDep,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """One file of the session's evidence. It stays as it is as long as its result does."""
    media_type = next((media for pattern, media in _SHOWN if pattern.fullmatch(name)), None)
    session = await parts.sessions.get(session_id)
    if media_type is None:
        raise artefact_not_found()
    tag = etag(session.result.sha256, name)
    if known := unchanged(tag, if_none_match):
        return known
    try:
        return await _download(parts, parts.store.uri(f"sessions/{session.session_id}/{name}"), media_type, tag)
    except ServiceError as error:
        raise artefact_not_found() if error.code == grpc.StatusCode.NOT_FOUND else error from None


async def _download(parts: Parts, uri: str, media_type: str, tag: str) -> Response:
    if parts.settings.presigned_downloads and (url := await parts.store.download_url(uri, URL_LIFETIME)):
        return RedirectResponse(url)
    return Response(await parts.store.read(uri), media_type=media_type, headers=keeping(tag))
