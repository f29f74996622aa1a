"""`/v1/uploads`: resumable uploads in the tus protocol 1.0.0 (<https://tus.io/protocols/resumable-upload>).

Core, and the extensions creation, creation-with-upload, creation-defer-length, checksum, expiration and termination.
The same stands under `/v1/upload-link/uploads` for candidates with a link, who can also ask what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from interview.jobs.v1.jobs_service_pb2 import INVITATION_EVENT_STARTED

from gateway.access.admission import Authorization, opened
from gateway.access.invitation import Invitation
from gateway.access.principal import Principal
from gateway.access.scopes import RESUMABLE
from gateway.consents.asked import asked_of
from gateway.dependencies import COUNTED_HERE, Parts, PartsDep
from gateway.schemas import ErrorBody
from gateway.settings import GatewaySettings
from gateway.uploads import headers
from gateway.uploads.protocol import VERSION
from gateway.uploads.record import Upload
from gateway.uploads.schemas import ListedUpload, UploadList
from servicekit.errors import field_invalid

EXTENSIONS = "creation,creation-with-upload,creation-defer-length,checksum,expiration,termination"
CHUNK = "application/offset+octet-stream"
MOST_QUESTIONS = 20
"""Of a job, which its link does not name."""
TRIES_A_QUESTION = 3
"""Uploads that a candidate's link may begin for each question: whoever has the link must not fill the store."""

UploadLength = Annotated[int | None, Header(ge=1, description="Bytes of the whole file.")]
UploadDeferLength = Annotated[int | None, Header(ge=1, le=1, description="1: `Upload-Length` comes with a PATCH.")]
UploadOffset = Annotated[int | None, Header(ge=0, description="Where the body belongs in the file.")]
UploadMetadata = Annotated[
    str,
    Header(
        max_length=2000,
        description="Pairs of a name and base64 text, with commas between. `filename` is shown; the whole file is "
        "compared with `sha256` (hex); all are given out as they came.",
    ),
]
UploadChecksum = Annotated[
    str,
    Header(max_length=200, description="Of the body: `sha1`, `sha256` or `sha512`, a space, and base64."),
]
TusResumable = Annotated[str, Header(description="Version of the protocol: 1.0.0. Absent: the same.")]

_CONTENT: dict[str, Any] = {CHUNK: {"schema": {"type": "string", "format": "binary"}}}
_OFFSET = {"Upload-Offset": {"schema": {"type": "integer"}, "description": "Bytes that have arrived."}}
_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (404, 409, 412, 413, 415, 429, 460)}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose uploads these are, and how many they may have."""

    name: str
    most: int | None = None
    invitation: Invitation | None = None
    """Of a candidate with a link."""

    @property
    def invitation_id(self) -> str:
        """Of a candidate who was invited to a job; empty otherwise."""
        return self.invitation.session_id if self.invitation is not None and self.invitation.job_id else ""


async def _owner(request: Request, parts: PartsDep, authorization: Authorization = "") -> Owner:
    """Who has signed in, or a candidate's link. Raises LINK_REFUSED."""
    if request.url.path.startswith(BY_LINK):
        invitation, _ = await opened(request, parts, authorization)
        most = TRIES_A_QUESTION * (len(invitation.questions) or MOST_QUESTIONS)
        return Owner(f"link:{invitation.session_id}", most, invitation)
    principal: Principal = request.state.principal
    return Owner(principal.place)


OwnerDep = Annotated[Owner, Depends(_owner)]


def _same_version(request: Request, tus_resumable: TusResumable = VERSION) -> None:
    if tus_resumable != VERSION and request.method != "OPTIONS":
        raise HTTPException(412, f"This server speaks tus {VERSION}.", {"Tus-Version": VERSION})


async def capabilities(parts: PartsDep) -> Response:
    """Version, extensions and the largest file in headers."""
    size = str(parts.settings.max_video_bytes)
    algorithms = ",".join(headers.ALGORITHMS)
    offered = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Checksum-Algorithm": algorithms}
    return _answer(204, offered | {"Tus-Max-Size": size})


async def begin(
    request: Request,
    parts: PartsDep,
    owner: OwnerDep,
    upload_length: UploadLength = None,
    upload_defer_length: UploadDeferLength = None,
    upload_metadata: UploadMetadata = "",
    upload_checksum: UploadChecksum = "",
) -> Response:
    """Begin an upload of `Upload-Length` bytes; `Location` is where to send them. A body is its beginning.

    `Upload-Defer-Length: 1` instead begins one whose length nobody knows yet.
    """
    if (upload_length is None) == (upload_defer_length is None):
        raise field_invalid("Upload-Length", "is needed, or Upload-Defer-Length: 1 in its place")
    _check_size(upload_length, parts.settings)
    checksum = headers.Checksum(upload_checksum) if upload_checksum else None
    metadata = headers.UploadMetadata.parse(upload_metadata)
    await _check_take(parts, owner, headers.question(upload_metadata), "speed" in headers.pairs(upload_metadata))
    upload = await parts.uploads.begin(owner.name, upload_length, metadata, owner.most)
    if owner.invitation_id:
        await parts.jobs.record(owner.invitation_id, INVITATION_EVENT_STARTED)
    where = {"Location": f"{parts.base_url(request)}{request.url.path}/{upload.id}"}
    if request.headers.get("content-type") == CHUNK:
        where["Upload-Offset"] = str(await parts.uploads.append(upload, 0, request.stream(), checksum))
    return _answer(201, where | _expires(upload))


async def look(upload_id: str, parts: PartsDep, owner: OwnerDep) -> Response:
    """How many bytes have arrived, in `Upload-Offset`; length and metadata as they were given."""
    upload = await parts.uploads.get(upload_id, owner.name)
    offset = await parts.uploads.offset(upload)
    length = {"Upload-Defer-Length": "1"} if upload.length is None else {"Upload-Length": str(upload.length)}
    found = {"Upload-Offset": str(offset)} | length
    if upload.metadata:
        found["Upload-Metadata"] = upload.metadata
    return _answer(200, found | _expires(upload))


async def append(
    upload_id: str,
    request: Request,
    parts: PartsDep,
    owner: OwnerDep,
    upload_offset: UploadOffset = None,
    upload_length: UploadLength = None,
    upload_checksum: UploadChecksum = "",
) -> Response:
    """Send bytes from `Upload-Offset` on. What arrived before a connection broke is kept.

    `Upload-Length` ends an upload that began with `Upload-Defer-Length`; the body may be empty then.
    """
    if request.headers.get("content-type") != CHUNK:
        raise HTTPException(415, f"Send the bytes as {CHUNK}.")
    if upload_offset is None:
        raise field_invalid("Upload-Offset", "is needed")
    _check_size(upload_length, parts.settings)
    checksum = headers.Checksum(upload_checksum) if upload_checksum else None
    upload = await parts.uploads.get(upload_id, owner.name)
    if (upload.length or upload_length) and upload.question is not None:
        await _check_take(parts, owner, upload.question, besides=upload.id)
    offset = await parts.uploads.append(upload, upload_offset, request.stream(), checksum, upload_length)
    return _answer(204, {"Upload-Offset": str(offset)} | _expires(upload))


async def give_up(upload_id: str, parts: PartsDep, owner: OwnerDep) -> Response:
    """Delete what has arrived."""
    upload = await parts.uploads.get(upload_id, owner.name)
    if owner.invitation_id:
        await parts.takes.remember(upload)
    await parts.uploads.delete(upload)
    return _answer(204)


async def _check_take(
    parts: Parts, owner: Owner, question: int | None, is_none: bool = False, besides: str = ""
) -> None:
    """Refuse an answer to a job's question that was answered often enough. Raises FIELD_INVALID, RETAKES_USED.

    `is_none`: it is no answer but measures the line; `besides`: the upload that is gone on with.
    """
    if owner.invitation is None or not owner.invitation_id or is_none:
        return
    asked = (await asked_of(owner.invitation, parts)).questions
    if question is None or question >= len(asked):
        raise field_invalid("Upload-Metadata", f"must name its question, 0 to {len(asked) - 1}")
    retakes = asked[question].retakes
    if retakes is not None:
        await parts.takes.check(owner.name, question, retakes, besides)


async def listed(parts: PartsDep, owner: OwnerDep) -> UploadList:
    """What has been uploaded under the link and not been handed in, so that a candidate can go on from anywhere."""
    return UploadList(
        uploads=[
            ListedUpload(
                upload_id=upload.id,
                offset=await parts.uploads.offset(upload),
                length=upload.length,
                metadata=headers.pairs(upload.metadata),
                expire_time=upload.expire_time,
            )
            for upload in await parts.uploads.of(owner.name)
        ],
        takes=await _takes(parts, owner),
    )


async def _takes(parts: Parts, owner: Owner) -> list[int]:
    if owner.invitation is None or not owner.invitation_id:
        return []
    asked = (await asked_of(owner.invitation, parts)).questions
    return [await parts.takes.count(owner.name, question) for question in range(len(asked))]


def _check_size(length: int | None, settings: GatewaySettings) -> None:
    if length is not None and length > settings.max_video_bytes:
        raise HTTPException(413, f"The file is larger than {settings.max_video_bytes} bytes.")


def _answer(status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(status_code=status, headers=headers)


def _expires(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(upload.expire_time, usegmt=True)}


BY_PRINCIPAL, BY_LINK = RESUMABLE
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where to send the file."}}
_OPERATIONS: tuple[tuple[str, str, Callable[..., Any], dict[str, Any]], ...] = (
    ("OPTIONS", "", capabilities, {"summary": "What the upload server can do", "status_code": 204}),
    (
        "POST",
        "",
        begin,
        {
            "summary": "Begin an upload",
            "status_code": 201,
            "responses": {201: {"headers": _LOCATION}, **_REFUSED},
            "openapi_extra": {"requestBody": {"required": False, "content": _CONTENT}},
        },
    ),
    (
        "HEAD",
        "/{upload_id}",
        look,
        {"summary": "Where an upload stands", "responses": {200: {"headers": _OFFSET}, **_REFUSED}},
    ),
    (
        "PATCH",
        "/{upload_id}",
        append,
        {
            "summary": "Continue an upload",
            "status_code": 204,
            "responses": {204: {"headers": _OFFSET}, **_REFUSED},
            "openapi_extra": {"requestBody": {"required": True, "content": _CONTENT}},
        },
    ),
    (
        "DELETE",
        "/{upload_id}",
        give_up,
        {"summary": "Give an upload up", "status_code": 204, "responses": _REFUSED},
    ),
)

router = APIRouter(dependencies=[Depends(_same_version)])
for _prefix, _tag in ((BY_PRINCIPAL, "Resumable uploads (v1)"), (BY_LINK, "Candidates' links (v1)")):
    for _method, _path, _operation, _described in _OPERATIONS:
        router.add_api_route(
            _prefix + _path,
            _operation,
            methods=[_method],
            tags=[_tag],
            response_class=Response,
            max_body_size=COUNTED_HERE,
            **_described,
        )
router.add_api_route(
    BY_LINK, listed, methods=["GET"], tags=["Candidates' links (v1)"], summary="What has been uploaded under a link"
)
