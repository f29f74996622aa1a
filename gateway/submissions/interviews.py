"""The two body forms of `POST /upload_json`, and the session they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.errors import RequestError, bad_request
from gateway.settings import GatewaySettings
from gateway.submissions.request import (
    MAX_REFERENCE_CHARS,
    checked_consent,
    checked_job,
    checked_language,
    checked_name,
    checked_policy,
    checked_question,
    checked_rubric,
    checked_webhook,
    project_score,
)

MAX_URL_CHARS = 4096


class Interview(BaseModel):
    """One item of `interviews`, as callers write it."""

    model_config = ConfigDict(strict=True)

    position_id: int | None = Field(default=None, alias="positionId", ge=-(2**31), lt=2**31)
    question: str | None = None
    is_video_exist: bool = Field(default=True, alias="isVideoExist")
    recorded_video_url: str | None = Field(default=None, alias="recordedVideoUrl", max_length=MAX_URL_CHARS)
    language: str | None = None
    reference: str = Field(default="", max_length=MAX_REFERENCE_CHARS)


@dataclass(frozen=True, slots=True)
class InterviewForm:
    """A body of either form: the flat one, or the nested one of the original's front end."""

    candidate_name: str
    language: str
    items: Sequence[object]
    consent_reference: str = ""
    project_score: float | None = None
    policy: str = ""
    rubric: str = ""
    webhook_url: str = ""
    job_id: str = ""

    @classmethod
    def parse(cls, body: object) -> InterviewForm:
        """Read a decoded body. Raises RequestError 400 in the original's words."""
        if not isinstance(body, dict):
            raise bad_request("Invalid JSON: the body must be an object")
        if "interviews" in body or "candidate_name" in body:
            name, items = body.get("candidate_name"), body.get("interviews")
        else:
            name, items = _nested(body)
        candidate_name = checked_name(name)
        if not isinstance(items, list):
            raise bad_request("Missing interviews data")
        if not items:
            raise bad_request("Interviews array is empty")
        score, job_id = body.get("project_score"), checked_job(body.get("job_id"))
        return cls(
            candidate_name,
            checked_language(body.get("language"), default="" if job_id else "en"),
            items,
            checked_consent(body.get("consent_reference")),
            project_score("" if score is None else str(score)),
            checked_policy(body.get("policy")),
            checked_rubric(body.get("rubric")),
            checked_webhook(body.get("webhook_url")),
            job_id,
        )


def interviews_request(session_id: str, form: InterviewForm, settings: GatewaySettings) -> pb.CreateSessionRequest:
    """The session that a body asks for; items without a video are left out. Raises RequestError 400."""
    request = pb.CreateSessionRequest(
        session_id=session_id,
        candidate_name=form.candidate_name,
        language_code=form.language,
        consent_reference=form.consent_reference,
        project_score=form.project_score,
        policy=form.policy,
        rubric=form.rubric,
        webhook_url=form.webhook_url,
        job_id=form.job_id,
    )
    for number, item in enumerate(form.items, start=1):
        found = _interview(item, number)
        if found.is_video_exist:
            request.answers.append(_answer(found, number, settings.max_question_chars))
    if not request.answers:
        raise bad_request("No interview has a video: isVideoExist is false for all of them")
    if len(request.answers) > settings.max_videos:
        raise bad_request(f"Too many videos: at most {settings.max_videos} in one request.")
    return request


def _nested(body: dict[str, object]) -> tuple[object, object]:
    data = body.get("data")
    if not body.get("success") or not isinstance(data, dict):
        raise bad_request("Invalid JSON: missing success or data")
    candidate, checklists = data.get("candidate"), data.get("reviewChecklists")
    return (
        candidate.get("name") if isinstance(candidate, dict) else None,
        checklists.get("interviews") if isinstance(checklists, dict) else None,
    )


def _interview(item: object, number: int) -> Interview:
    try:
        return Interview.model_validate(item)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise bad_request(f"Interview {number}: {name} {first['msg']}".replace("  ", " ")) from None


def _answer(item: Interview, number: int, max_question_chars: int) -> pb.NewAnswer:
    url = (item.recorded_video_url or "").strip()
    if not url:
        raise bad_request(f"Interview {number}: missing recordedVideoUrl")
    if not _is_web_address(url):
        raise bad_request(f"Interview {number}: recordedVideoUrl must start with http:// or https://")
    try:
        language = checked_language(item.language, default="")
    except RequestError as error:
        raise bad_request(f"Interview {number}: {error.message}") from None
    return pb.NewAnswer(
        question=checked_question(item.question or "", f"question of interview {number}", max_question_chars),
        url=url,
        language_code=language,
        position_id=item.position_id,
        reference=item.reference,
    )


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
