"""From a `CreateSessionRequest` to rows, with every field checked."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.policies.policy import Policy
from orchestrator.reviews.tables import ReviewState
from orchestrator.sessions.page import kept_notes
from orchestrator.sessions.search import composed
from orchestrator.sessions.states import AnswerState, PlaybackState, SessionState
from orchestrator.sessions.store import SessionFilter, new_stages
from orchestrator.sessions.tables import AnswerRow, SessionRow
from servicekit.errors import ServiceError, field_invalid
from servicekit.media import MediaStore
from servicekit.wire import media_value

LANGUAGES = ("en", "id")
MAX_NAME = 200
MAX_QUESTION = 2_000
MAX_REFERENCE = 10_000
MAX_PAGE = 200
MAX_RUBRIC = 64
_ID = re.compile(r"[0-9a-f]{32}")
_IN_THE_STORE = "must be the URI of a file in this system's object store"


def session_row(
    request: pb.CreateSessionRequest, media: MediaStore, max_answers: int, policies: Mapping[str, Policy], default: str
) -> SessionRow:
    """A new session with its answers and stages, under its policy or the default one.

    Raises FIELD_INVALID naming the field.
    """
    session_id = request.session_id or uuid.uuid4().hex
    if not _ID.fullmatch(session_id):
        raise field_invalid("session_id", "must be 32 lower-case hex digits")
    check_text("candidate_name", request.candidate_name, 1, MAX_NAME)
    _language("language_code", request.language_code)
    check_text("consent_reference", request.consent_reference, 0, MAX_NAME)
    check_text("rubric", request.rubric, 0, MAX_RUBRIC)
    check_text("owner", request.owner, 0, MAX_NAME)
    if not 1 <= len(request.answers) <= max_answers:
        raise field_invalid("answers", f"needs 1 to {max_answers} answers, got {len(request.answers)}")
    if request.HasField("project_score") and not 0 <= request.project_score <= 100:
        raise field_invalid("project_score", "must be 0 to 100")
    policy = _policy(request, policies, default)
    now = datetime.now(UTC)
    return SessionRow(
        id=session_id,
        request_sha256=fingerprint(request),
        candidate_name=composed(request.candidate_name),
        language=request.language_code,
        state=SessionState.PENDING,
        message="Waiting to start.",
        created_at=now,
        updated_at=now,
        project_score=request.project_score if request.HasField("project_score") else None,
        consent_reference=request.consent_reference,
        review_state=ReviewState.OPEN,
        policy=policy.name,
        policy_sha256=policy.sha256,
        blind=policy.blind_review,
        rubric=request.rubric.strip(),
        owner=request.owner,
        job_id=request.job_id,
        webhook_url=check_url("webhook_url", request.webhook_url) if request.webhook_url else "",
        answers=[_answer_row(session_id, i, a, request, media, policy) for i, a in enumerate(request.answers)],
        reviews=[],
    )


def page_size(requested: int) -> int:
    """The page size to use; 0 means 50. Raises FIELD_INVALID."""
    if not 0 <= requested <= MAX_PAGE:
        raise field_invalid("page_size", f"must be 1 to {MAX_PAGE}")
    return requested or 50


def session_filter(request: pb.ListSessionsRequest) -> SessionFilter:
    """Which sessions are wanted. Raises FIELD_INVALID."""
    check_text("query", request.query, 0, MAX_NAME)
    check_text("owner", request.owner, 0, MAX_NAME)
    check_text("job_id", request.job_id, 0, MAX_NAME)
    return SessionFilter(
        request.query.strip(),
        _value("state", pb.SessionState, request.state),
        _value("review_state", pb.ReviewState, request.review_state),
        request.owner,
        request.job_id,
    )


def _value(name: str, states: Any, number: int) -> str:
    """The stored value of an enum's number, without the prefix that all its names share; empty for 0."""
    if not number:
        return ""
    if number not in states.values():
        raise field_invalid(name, "must be one of its values")
    prefix: str = states.Name(0).removesuffix("UNSPECIFIED")
    return str(states.Name(number)).removeprefix(prefix)


def _policy(request: pb.CreateSessionRequest, policies: Mapping[str, Policy], default: str) -> Policy:
    policy = policies.get(request.policy or default)
    if policy is None:
        raise field_invalid("policy", f"must be one of {', '.join(policies)}")
    if policy.requires_consent and not request.consent_reference.strip():
        raise field_invalid("consent_reference", f"is required by the policy {policy.name}")
    return policy


def _answer_row(
    session_id: str,
    index: int,
    answer: pb.NewAnswer,
    request: pb.CreateSessionRequest,
    media: MediaStore,
    policy: Policy,
) -> AnswerRow:
    name = f"answers[{index}]"
    check_text(f"{name}.question", answer.question, 1, MAX_QUESTION)
    check_text(f"{name}.reference", answer.reference, 0, MAX_REFERENCE)
    check_text(f"{name}.file_name", answer.file_name, 0, MAX_NAME)
    check_text(f"{name}.rubric", answer.rubric, 0, MAX_RUBRIC)
    language = answer.language_code or request.language_code
    _language(f"{name}.language_code", language)
    source = answer.WhichOneof("source")
    if source is None:
        raise field_invalid(f"{name}.source", "needs a media reference or a URL")
    return AnswerRow(
        index=index,
        position_id=answer.position_id if answer.HasField("position_id") else index + 1,
        question=answer.question.strip(),
        reference=answer.reference,
        file_name=composed(answer.file_name),
        rubric=answer.rubric.strip(),
        language=language,
        url=check_url(f"{name}.url", answer.url) if source == "url" else "",
        media=_media(f"{name}.media.uri", answer, media) if source == "media" else None,
        page=kept_notes(f"{name}.page", answer.page) if answer.HasField("page") else None,
        state=AnswerState.PENDING,
        playback_state=PlaybackState.PENDING if policy.keeps_recordings else "",
        stages=new_stages(session_id, index, source == "url", policy.translation == "after_result"),
    )


def _media(name: str, answer: pb.NewAnswer, media: MediaStore) -> dict[str, object]:
    try:
        value = media_value(answer.media)
        media.key(value.uri)  # refuses what is outside the store
    except ServiceError:
        raise field_invalid(name, _IN_THE_STORE) from None
    return dataclasses.asdict(value)


def media_refused(index: int) -> ServiceError:
    """What is said of a recording that is not there for this caller."""
    return field_invalid(f"answers[{index}].media.uri", _IN_THE_STORE)


def check_url(name: str, url: str) -> str:
    """An address without the spaces around it. Raises FIELD_INVALID."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # an open bracket, a port past 65535
        usable = False
    if not usable:
        raise field_invalid(name, "must be an http:// or https:// address")
    return url.strip()


def check_text(name: str, value: str, shortest: int, longest: int) -> None:
    """Raise FIELD_INVALID unless a text has so many characters without the spaces around it."""
    if not shortest <= len(value.strip()) <= longest:
        raise field_invalid(name, f"must have {shortest} to {longest} characters")
    if "\0" in value:  # PostgreSQL cannot store it
        raise field_invalid(name, "must not hold the character U+0000")


def _language(name: str, value: str) -> None:
    if value not in LANGUAGES:
        raise field_invalid(name, f"must be one of {', '.join(LANGUAGES)}")


def fingerprint(request: pb.CreateSessionRequest) -> str:
    """Of what is asked for; where a recording with a known hash lies does not matter."""
    asked = pb.CreateSessionRequest()
    asked.CopyFrom(request)
    for answer in asked.answers:
        if answer.WhichOneof("source") == "media" and answer.media.sha256:
            answer.media.uri = ""
    return hashlib.sha256(asked.SerializeToString(deterministic=True)).hexdigest()
