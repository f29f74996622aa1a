"""`POST /upload_json`: recordings by URL."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response

from gateway.dependencies import COUNTED_HERE, PartsDep, PrincipalDep
from gateway.errors import bad_request
from gateway.submissions.form import limited_body
from gateway.submissions.idempotency import Attempt, IdempotencyKey
from gateway.submissions.interviews import InterviewForm, interviews_request
from gateway.submissions.job import check_job
from gateway.submissions.schemas import Failure, UploadJsonReply

router = APIRouter(tags=["Sessions"])

_INTERVIEWS = [
    {
        "positionId": 1,
        "question": "Tell me about yourself",
        "isVideoExist": True,
        "recordedVideoUrl": "https://drive.google.com/file/d/FILE_ID/view",
    }
]
_INTERVIEWS_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["question", "recordedVideoUrl"],
        "properties": {
            "positionId": {"type": "integer", "description": "The caller's own number; kept in the result."},
            "question": {"type": "string", "maxLength": 2000},
            "isVideoExist": {"type": "boolean", "default": True, "description": "false: the item is left out."},
            "recordedVideoUrl": {"type": "string", "description": "Google Drive link or direct HTTP(S) address."},
            "language": {"type": "string", "enum": ["en", "id"]},
            "reference": {"type": "string", "maxLength": 10000},
        },
    },
}
_LANGUAGE = {"type": "string", "enum": ["en", "id"], "default": "en"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


_OPTIONAL: dict[str, Any] = {
    "language": _LANGUAGE,
    "project_score": {"type": "number", "minimum": 0, "maximum": 100},
    "consent_reference": {"type": "string", "maxLength": 200},
    "policy": {"type": "string", "maxLength": 64, "description": "Such as `default` or `eu`: see `/v1/policies`."},
    "webhook_url": {"type": "string", "maxLength": 2000, "description": "Told when the session has ended."},
    "rubric": {"type": "string", "maxLength": 64, "description": "Such as `software`: see `/v1/rubrics`."},
    "job_id": {"type": "string", "maxLength": 64, "description": "The job that it belongs to: see `/v1/jobs`."},
}
_FLAT = _object(candidate_name={"type": "string"}, interviews=_INTERVIEWS_SCHEMA, **_OPTIONAL)
_NESTED = _object(
    success={"type": "boolean"},
    data=_object(candidate=_object(name={"type": "string"}), reviewChecklists=_object(interviews=_INTERVIEWS_SCHEMA)),
    **_OPTIONAL,
)
_EXAMPLES = {
    "flat": {"value": {"candidate_name": "Siti Rahma", "interviews": _INTERVIEWS, "language": "id"}},
    "nested": {
        "value": {
            "success": True,
            "data": {"candidate": {"name": "Siti Rahma"}, "reviewChecklists": {"interviews": _INTERVIEWS}},
            "language": "id",
        }
    },
}
_JSON_BODY = {"application/json": {"schema": {"anyOf": [_FLAT, _NESTED]}, "examples": _EXAMPLES}}


@router.post(
    "/upload_json",
    summary="Start an assessment of recordings at URLs",
    max_body_size=COUNTED_HERE,
    responses={code: {"model": Failure} for code in (400, 409, 413, 503)},
    openapi_extra={"requestBody": {"required": True, "content": _JSON_BODY}},
)
async def upload_json(
    request: Request, response: Response, parts: PartsDep, principal: PrincipalDep, key: IdempotencyKey = ""
) -> UploadJsonReply:
    """Start a session of recordings that are downloaded in the background. Both body forms are accepted."""
    form = InterviewForm.parse(await _body(request, parts.settings.max_json_bytes))
    attempt = await Attempt.of(key, principal, parts.sessions)
    created = interviews_request(attempt.session_id, form, parts.settings)
    created.owner = principal.id
    await check_job(parts, principal, created.job_id)
    await attempt.hand_in(parts.sessions, created)
    attempt.tell(response)
    count = len(created.answers)
    return UploadJsonReply(session_id=attempt.session_id, uploaded_videos=count, video_count=count)


async def _body(request: Request, max_bytes: int) -> object:
    content = await limited_body(request, max_bytes)
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise bad_request("Invalid JSON: the body is not JSON") from None
