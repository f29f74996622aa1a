"""`POST /v1/sessions`: a session of recordings that were uploaded before, or that lie at URLs."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.errors import bad_request
from gateway.schemas import ErrorBody
from gateway.sessions.schemas import Session
from gateway.sessions.wire import session_body
from gateway.submissions.claim import Taking, taking
from gateway.submissions.idempotency import Attempt, IdempotencyKey
from gateway.submissions.job import check_job
from gateway.submissions.schemas import NewAnswer, NewSession
from servicekit.wire import media_message

router = APIRouter(prefix="/v1", tags=["Sessions (v1)"])


@router.post(
    "/sessions",
    summary="Start an assessment",
    status_code=201,
    responses={code: {"model": ErrorBody} for code in (400, 404, 409)},
)
async def new_session(
    body: NewSession,
    request: Request,
    response: Response,
    parts: PartsDep,
    principal: PrincipalDep,
    key: IdempotencyKey = "",
) -> Session:
    """Start a session; each answer names a finished upload or a URL. Where it is refused, uploads can be used again."""
    if len(body.answers) > parts.settings.max_videos:
        raise bad_request(f"Too many answers: at most {parts.settings.max_videos} in one session.")
    attempt = await Attempt.of(key, principal, parts.sessions)
    async with taking(parts.uploads, principal.place, attempt) as taken:
        created = _message(body, attempt.session_id, principal.id)
        await check_job(parts, principal, created.job_id)
        created.answers.extend([await _answer(answer, i, taken) for i, answer in enumerate(body.answers)])
        session = await attempt.hand_in(parts.sessions, created)
    attempt.tell(response)
    return session_body(session, parts.base_url(request))


def _message(body: NewSession, session_id: str, owner: str) -> pb.CreateSessionRequest:
    return pb.CreateSessionRequest(
        session_id=session_id,
        candidate_name=body.candidate_name,
        language_code="" if body.job_id and "language" not in body.model_fields_set else body.language,
        policy=body.policy,
        rubric=body.rubric,
        consent_reference=body.consent_reference,
        project_score=body.project_score,
        webhook_url=body.webhook_url,
        owner=owner,
        job_id=body.job_id,
    )


async def _answer(body: NewAnswer, index: int, taken: Taking) -> pb.NewAnswer:
    answer = pb.NewAnswer(
        question=body.question,
        language_code=body.language or "",
        reference=body.reference,
        rubric=body.rubric,
        position_id=body.position_id,
    )
    if body.url:
        answer.url = body.url
        return answer
    video = await taken.video(body.upload_id, index)
    answer.media.CopyFrom(media_message(video.media))
    answer.file_name = video.file_name
    return answer
