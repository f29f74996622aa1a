"""What a request must hold to become a session; both upload paths share it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.errors import bad_request
from gateway.uploads.recording import MAX_NAME_CHARS, StoredVideo
from servicekit.wire import media_message

LANGUAGES = ("en", "id")
MAX_CHOICE_CHARS = 64
MAX_WEBHOOK_CHARS = 2000
MAX_REFERENCE_CHARS = 10_000


@dataclass(slots=True)
class UploadForm:
    """The fields of an upload in the order in which they came."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    videos: list[StoredVideo] = field(default_factory=list)

    def all(self, *names: str) -> list[str]:
        """The values of a repeated field under any of its names, or of one value that is a JSON array of strings."""
        values = [value for name in names for value in self.fields.get(name, [])]
        if len(values) == 1 and values[0].startswith("["):
            return _json_strings(values[0]) or values
        return values

    def one(self, name: str) -> str:
        """The last value of a field, or empty."""
        return self.fields.get(name, [""])[-1]


def new_session_id() -> str:
    """32 lower-case hex digits."""
    return uuid.uuid4().hex


def upload_request(session_id: str, form: UploadForm, max_question_chars: int) -> pb.CreateSessionRequest:
    """The session that an upload asks for. Raises RequestError 400 in the original's words."""
    candidate_name = checked_name(form.one("candidate_name"))
    job_id = checked_job(form.one("job_id"))
    language = checked_language(form.one("language"), default="" if job_id else "en")
    questions, count = form.all("question", "questions"), len(form.videos)
    if not count:
        raise bad_request("No videos: add at least one file in the field videos.")
    if len(questions) != count:
        raise bad_request(f"Questions count ({len(questions)}) must match videos count ({count})")
    languages = _per_video(form.all("answer_language"), "answer_language", count)
    references = _per_video(form.all("reference"), "reference", count)
    request = pb.CreateSessionRequest(
        session_id=session_id,
        candidate_name=candidate_name,
        language_code=language,
        consent_reference=checked_consent(form.one("consent_reference")),
        project_score=project_score(form.one("project_score")),
        policy=checked_policy(form.one("policy")),
        rubric=checked_rubric(form.one("rubric")),
        webhook_url=checked_webhook(form.one("webhook_url")),
        job_id=job_id,
    )
    for i in range(count):
        request.answers.add(
            question=checked_question(questions[i], f"question {i + 1}", max_question_chars),
            media=media_message(form.videos[i].media),
            language_code=checked_language(languages[i], default=""),
            reference=_limited(references[i], f"reference {i + 1}", MAX_REFERENCE_CHARS),
            file_name=form.videos[i].file_name,
        )
    return request


def checked_name(value: object) -> str:
    """The candidate's name. Raises RequestError 400."""
    if not isinstance(value, str) or not value.strip():
        raise bad_request("Missing candidate name")
    return _limited(value.strip(), "candidate_name", MAX_NAME_CHARS)


def checked_language(value: object, default: str = "en") -> str:
    """The language code; `default` when none is given. Raises RequestError 400."""
    if value is None or value == "":
        return default
    code = value.strip().lower() if isinstance(value, str) else ""
    if code not in LANGUAGES:
        raise bad_request(f"Invalid language: {str(value)[:40]}")
    return code


def checked_question(value: str, name: str, max_chars: int) -> str:
    """A question that is there and not too long. Raises RequestError 400."""
    if not value.strip():
        raise bad_request(f"The {name} is empty: every video needs its question.")
    return _limited(value.strip(), name, max_chars)


def checked_policy(value: object) -> str:
    """The name of a policy, or empty for the configured one; the orchestrator knows which exist."""
    return _choice(value, "policy")


def checked_rubric(value: object) -> str:
    """The name of a rubric, or empty for the judge's own; the judge knows which exist."""
    return _choice(value, "rubric")


def checked_job(value: object) -> str:
    """The id of a job, or empty; the orchestrator knows which exist."""
    return _choice(value, "job_id")


def checked_webhook(value: object) -> str:
    """Where to tell that the session has ended, or empty; the orchestrator looks at it."""
    if not isinstance(value, str | None):
        raise bad_request("webhook_url must be an address")
    return _limited((value or "").strip(), "webhook_url", MAX_WEBHOOK_CHARS)


def checked_consent(value: object) -> str:
    """The consent reference, or empty. Raises RequestError 400."""
    if not isinstance(value, str | None):
        raise bad_request("consent_reference must be a text")
    return _limited((value or "").strip(), "consent_reference", MAX_NAME_CHARS)


def project_score(value: str) -> float | None:
    """The project score, 0 to 100, or None when none is given. Raises RequestError 400."""
    if not value:
        return None
    try:
        score = float(value)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 100:
        raise bad_request("project_score must be a number from 0 to 100")
    return score


def _choice(value: object, name: str) -> str:
    if not isinstance(value, str | None) or len(value or "") > MAX_CHOICE_CHARS:
        raise bad_request(f"{name} must be the name of a {name}")
    return (value or "").strip()


def _per_video(values: list[str], name: str, count: int) -> Sequence[str]:
    if values and len(values) != count:
        raise bad_request(f"{name} count ({len(values)}) must match videos count ({count}), or leave the field out")
    return values or [""] * count


def _limited(value: str, name: str, max_chars: int) -> str:
    if len(value) > max_chars:
        raise bad_request(f"The {name} is longer than {max_chars} characters.")
    return value


def _json_strings(value: str) -> list[str] | None:
    try:
        items = json.loads(value)
    except ValueError:
        return None
    return items if isinstance(items, list) and all(isinstance(item, str) for item in items) else None
