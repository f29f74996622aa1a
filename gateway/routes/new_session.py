"""`POST /v1/sessions`: a session of recordings that were uploaded before, or that lie at URLs."""

from __future__ import annotations

from typing import Any, Literal, Self

from fastapi import APIRouter, Request, Response
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from pydantic import ConfigDict, Field, model_validator

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.errors import bad_request
from gateway.idempotency import Attempt, IdempotencyKey
from gateway.interviews import MAX_URL_CHARS
from gateway.schemas import Body, ErrorBody, Session
from gateway.status import session_body
from gateway.submission import MAX_CHOICE_CHARS, MAX_NAME_CHARS, MAX_REFERENCE_CHARS, MAX_WEBHOOK_CHARS
from gateway.taking import Taking, taking
from servicekit.wire import media_message

router = APIRouter(prefix="/v1", tags=["Sessions (v1)"])

Language = Literal["en", "id"]
_EXAMPLE: dict[str, Any] = {
    "candidate_name": "Siti Rahma",
    "language": "id",
    "answers": [{"question": "Ceritakan tentang diri Anda.", "upload_id": "5c5f0d1d6e8f4f6b9d0a3c1f2b7e8a90"}],
    "rubric": "software",
}


class NewAnswer(Body):
    """One answer: a question, and where its recording is."""

    question: str = Field(min_length=1)
    upload_id: str = Field(default="", max_length=32)
    """Last part of the address of a finished upload under `/v1/uploads`."""
    url: str = Field(default="", max_length=MAX_URL_CHARS)
    """Google Drive link or direct HTTP(S) address, instead of an upload."""
    language: Language | None = None
    """Where it differs from the session's."""
    reference: str = Field(default="", max_length=MAX_REFERENCE_CHARS)
    """A model answer or key points."""
    position_id: int | None = Field(default=None, ge=-(2**31), lt=2**31)
    """The caller's own number; kept in the result."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.upload_id) == bool(self.url):
            raise ValueError("needs either upload_id or url")
        return self


class NewSession(Body):
    """What to assess."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    candidate_name: str = Field(min_length=1, max_length=MAX_NAME_CHARS)
    language: Language = "en"
    answers: list[NewAnswer] = Field(min_length=1)
    policy: str = Field(default="", max_length=MAX_CHOICE_CHARS)
    """The name of one of `/v1/policies`."""
    rubric: str = Field(default="", max_length=MAX_CHOICE_CHARS)
    """The name of one of `/v1/rubrics`."""
    consent_reference: str = Field(default="", max_length=MAX_NAME_CHARS)
    """Where the candidate's consent is on record; some policies require it."""
    project_score: float | None = Field(default=None, ge=0, le=100)
    webhook_url: str = Field(default="", max_length=MAX_WEBHOOK_CHARS)
    """Told when the session has ended; see docs/webhooks.md."""


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
    async with taking(parts.uploads, principal.id, attempt) as taken:
        created = _message(body, attempt.session_id, principal.id)
        created.answers.extend([await _answer(answer, i, taken) for i, answer in enumerate(body.answers)])
        session = await parts.sessions.create(created)
    attempt.tell(response)
    return session_body(session, parts.base_url(request))


def _message(body: NewSession, session_id: str, owner: str) -> pb.CreateSessionRequest:
    return pb.CreateSessionRequest(
        session_id=session_id,
        candidate_name=body.candidate_name,
        language_code=body.language,
        policy=body.policy,
        rubric=body.rubric,
        consent_reference=body.consent_reference,
        project_score=body.project_score,
        webhook_url=body.webhook_url,
        owner=owner,
    )


async def _answer(body: NewAnswer, index: int, taken: Taking) -> pb.NewAnswer:
    answer = pb.NewAnswer(
        question=body.question,
        language_code=body.language or "",
        reference=body.reference,
        position_id=body.position_id,
    )
    if body.url:
        answer.url = body.url
        return answer
    video = await taken.video(body.upload_id, index)
    answer.media.CopyFrom(media_message(video.media))
    answer.file_name = video.file_name
    return answer
