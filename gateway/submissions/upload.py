"""`POST /upload`: files stream into the object store while they arrive."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from gateway.dependencies import COUNTED_HERE, PartsDep, PrincipalDep
from gateway.submissions.form import check_length, discard, received
from gateway.submissions.idempotency import Attempt, IdempotencyKey
from gateway.submissions.job import check_job
from gateway.submissions.multipart import FormReader
from gateway.submissions.request import upload_request
from gateway.submissions.schemas import Failure, UploadReply
from servicekit.telemetry.logs import get_logger

log = get_logger()
router = APIRouter(tags=["Sessions"])


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
                        "webhook_url": {
                            "type": "string",
                            "maxLength": 2000,
                            "description": "Told when the session has ended; see docs/webhooks.md.",
                        },
                        "job_id": {
                            "type": "string",
                            "maxLength": 64,
                            "description": "The job that it belongs to: see `/v1/jobs`. What is left out here is its.",
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
    max_body_size=COUNTED_HERE,
    responses={code: {"model": Failure} for code in (400, 409, 413, 503)},
    openapi_extra=_FORM,
)
async def upload(
    request: Request, response: Response, parts: PartsDep, principal: PrincipalDep, key: IdempotencyKey = ""
) -> UploadReply:
    """Stream the videos into the object store and start a session. Fields may come in any order.

    On any error of the request nothing is kept: neither a file nor a session. Where nobody can say whether the session
    was recorded (503, 504), send the same again under the same `Idempotency-Key`.
    """
    attempt = await Attempt.of(key, principal, parts.sessions)
    session_id = attempt.session_id
    reader = FormReader(request.headers.get("content-type", ""), request.stream())
    check_length(request, parts)
    try:
        form = await received(reader, attempt, parts)
        created = upload_request(session_id, form, parts.settings.max_question_chars)
        created.owner = principal.id
        await check_job(parts, principal, created.job_id)
        await attempt.hand_in(parts.sessions, created)
    except BaseException:  # a cancelled request must not leave files behind either
        await discard(parts.store, attempt)
        raise
    attempt.tell(response)
    return UploadReply(session_id=session_id, uploaded_videos=len(form.videos))
