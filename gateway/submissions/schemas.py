"""What a session begins with, and what is answered."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from gateway.schemas import SESSION_ID, Body
from gateway.submissions.interviews import MAX_URL_CHARS
from gateway.submissions.request import MAX_CHOICE_CHARS, MAX_REFERENCE_CHARS, MAX_WEBHOOK_CHARS
from gateway.uploads.recording import MAX_NAME_CHARS


class Failure(Body):
    """A request that was not accepted."""

    success: Literal[False] = False
    error: str = Field(examples=["Missing candidate name"])
    """What is wrong, for people."""


class UploadReply(Body):
    """A session that has started."""

    success: Literal[True] = True
    session_id: str = Field(examples=[SESSION_ID])
    """32 lower-case hex digits; ask `/status/{session_id}` with it."""
    uploaded_videos: int = Field(examples=[2])
    """How many videos the session has."""


class UploadJsonReply(UploadReply):
    """A session that has started; its recordings are being downloaded."""

    video_count: int = Field(examples=[2])
    """The same as `uploaded_videos`."""
    message: str = "Videos are being downloaded and processed in background"
    """For people."""


Language = Literal["en", "id"]


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
    rubric: str = Field(default="", max_length=MAX_CHOICE_CHARS)
    """The name of one of `/v1/rubrics`, where it is not the session's."""
    position_id: int | None = Field(default=None, ge=-(2**31), lt=2**31)
    """The caller's own number; kept in the result."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.upload_id) == bool(self.url):
            raise ValueError("needs either upload_id or url")
        return self


_EXAMPLE: dict[str, Any] = {
    "candidate_name": "Siti Rahma",
    "language": "id",
    "answers": [{"question": "Ceritakan tentang diri Anda.", "upload_id": "5c5f0d1d6e8f4f6b9d0a3c1f2b7e8a90"}],
    "rubric": "software",
}


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
    job_id: str = Field(default="", max_length=MAX_CHOICE_CHARS)
    """The job that it belongs to; what is left out here, and references and rubrics of its questions, are the job's."""
