"""Handing in: recordings by upload or by URL, and links for candidates who do so themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from interview_client.calls.call import Call, given, reader, safe
from interview_client.models import (
    Link,
    LinkOptions,
    LinkPage,
    ListedLink,
    NewAnswer,
    Submission,
    SubmitOptions,
    UrlAnswer,
)


def submit_urls_call(
    candidate_name: str, answers: Sequence[UrlAnswer], language: str, options: SubmitOptions
) -> Call[str]:
    """Start a session over recordings that the system downloads; the answer is its id."""
    interviews = [_interview(i, answer) for i, answer in enumerate(answers, 1)]
    body = {"candidate_name": candidate_name, "interviews": interviews, "language": language}
    headers = key_header(options)
    return Call("POST", "/upload_json", parse_session_id, body=body | _named(options), headers=headers)


def upload_fields(
    candidate_name: str, answers: Sequence[NewAnswer], language: str, options: SubmitOptions
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
    return fields | {name: str(value) for name, value in _named(options).items()}


def key_header(options: SubmitOptions) -> dict[str, str]:
    """The header of a submission that can be sent again."""
    return given({"Idempotency-Key": options.get("idempotency_key")})


def parse_session_id(body: bytes) -> str:
    """The id in the answer to an upload. Raises InterviewError."""
    return reader(Submission, "answer to the upload")(body).session_id


def make_link_call(candidate_name: str, questions: Sequence[str], language: str, options: LinkOptions) -> Call[Link]:
    """Make a link for a candidate."""
    body = {"candidate_name": candidate_name, "questions": list(questions), "language": language}
    return Call("POST", "/v1/upload-links", reader(Link, "link"), body=body | given(options))


def links_call(page_size: int, page_token: str) -> Call[LinkPage]:
    """A page of candidates' links."""
    params: dict[str, str | int] = {"page_size": page_size, "page_token": page_token}
    return Call("GET", "/v1/upload-links", reader(LinkPage, "list of links"), params)


def revoke_link_call(session_id: str) -> Call[ListedLink]:
    """End a candidate's link."""
    return Call("POST", f"/v1/upload-links/{safe(session_id)}:revoke", reader(ListedLink, "link"))


def _named(options: SubmitOptions) -> dict[str, Any]:
    return {name: value for name, value in given(options).items() if name != "idempotency_key"}


def _interview(place: int, answer: UrlAnswer) -> dict[str, Any]:
    interview: dict[str, Any] = {
        "positionId": place if answer.position_id is None else answer.position_id,
        "question": answer.question,
        "isVideoExist": True,
        "recordedVideoUrl": answer.url,
    }
    return interview | given({"language": answer.language, "reference": answer.reference})
