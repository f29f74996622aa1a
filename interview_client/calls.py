"""The REST interface as data: each request with the reader of its answer. Nothing here does input or output."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from interview_client.errors import not_understood
from interview_client.models import Deleted, NewAnswer, Session, SessionPage, Status, Submission, UrlAnswer

T = TypeVar("T")
B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request without a file. `parse` raises InterviewError when the answer makes no sense."""

    method: str
    path: str
    parse: Callable[[bytes], T]
    params: Mapping[str, str | int] | None = None
    body: Any = None

    def request(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """The request, ready to be sent by `http`."""
        return http.build_request(self.method, self.path, params=self.params, json=self.body)


def status_call(session_id: str) -> Call[Status]:
    """Where a session stands."""
    return Call("GET", f"/status/{_safe(session_id)}", parse_status)


def results_call(session_id: str) -> Call[dict[str, Any]]:
    """The result of a session."""
    return Call("GET", f"/results/{_safe(session_id)}", _parse_results)


def session_call(session_id: str) -> Call[Session]:
    """A session as recorded."""
    return Call("GET", f"/v1/sessions/{_safe(session_id)}", _reader(Session, "session"))


def sessions_call(page_size: int, page_token: str) -> Call[SessionPage]:
    """A page of sessions."""
    params: dict[str, str | int] = {"page_size": page_size, "page_token": page_token}
    return Call("GET", "/v1/sessions", _reader(SessionPage, "list of sessions"), params)


def cancel_call(session_id: str) -> Call[Session]:
    """Stop a session."""
    return Call("POST", f"/v1/sessions/{_safe(session_id)}:cancel", _reader(Session, "session"))


def delete_call(session_id: str) -> Call[int]:
    """Delete a session; the answer is how many stored objects went with it."""
    return Call("DELETE", f"/v1/sessions/{_safe(session_id)}", lambda body: _deleted(body).deleted_objects)


def submit_urls_call(candidate_name: str, answers: Sequence[UrlAnswer], language: str) -> Call[str]:
    """Start a session over recordings that the system downloads; the answer is its id."""
    interviews = [_interview(i, answer) for i, answer in enumerate(answers, 1)]
    body = {"candidate_name": candidate_name, "interviews": interviews, "language": language}
    return Call("POST", "/upload_json", parse_session_id, body=body)


def events_path(session_id: str) -> str:
    """Where the progress events of a session come from."""
    return f"/v1/sessions/{_safe(session_id)}/events"


def upload_fields(
    candidate_name: str,
    answers: Sequence[NewAnswer],
    language: str,
    consent_reference: str,
    project_score: float | None,
    policy: str = "",
    rubric: str = "",
) -> dict[str, str | list[str]]:
    """The text fields of `POST /upload`; repeated ones have one value for each answer, in order."""
    questions = [answer.question for answer in answers]
    fields: dict[str, str | list[str]] = {
        "candidate_name": candidate_name,
        "language": language,
        # A lone question that starts with a bracket would be read as a JSON array, so a lone one is sent as an array.
        "questions": json.dumps(questions, ensure_ascii=False) if len(questions) == 1 else questions,
    }
    if any(answer.language for answer in answers):
        fields["answer_language"] = [answer.language for answer in answers]
    if any(answer.reference for answer in answers):
        fields["reference"] = [answer.reference for answer in answers]
    if consent_reference:
        fields["consent_reference"] = consent_reference
    if project_score is not None:
        fields["project_score"] = str(project_score)
    if policy:
        fields["policy"] = policy
    if rubric:
        fields["rubric"] = rubric
    return fields


def parse_status(body: bytes) -> Status:
    """The body of `/status/{id}`, or the data of a progress event. Raises InterviewError."""
    return _reader(Status, "status")(body)


def parse_session_id(body: bytes) -> str:
    """The id in the answer to an upload. Raises InterviewError."""
    return _reader(Submission, "answer to the upload")(body).session_id


def _reader(kind: type[B], what: str) -> Callable[[bytes], B]:
    def read(body: bytes) -> B:
        try:
            return kind.model_validate_json(body)
        except ValidationError:
            raise not_understood(what) from None

    return read


_deleted = _reader(Deleted, "answer to the deletion")


def _parse_results(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise not_understood("result") from None
    if not isinstance(found, dict):
        raise not_understood("result")
    return found


def _interview(place: int, answer: UrlAnswer) -> dict[str, Any]:
    interview: dict[str, Any] = {
        "positionId": place if answer.position_id is None else answer.position_id,
        "question": answer.question,
        "isVideoExist": True,
        "recordedVideoUrl": answer.url,
    }
    optional = {"language": answer.language, "reference": answer.reference}
    return interview | {name: value for name, value in optional.items() if value}


def _safe(session_id: str) -> str:
    return quote(session_id, safe="")
