"""The JSON bodies of the gateway."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SESSION_ID = "4ec407d0b416464283cee9f97d44fa0b"
"""Example id in the API description."""


class Body(BaseModel):
    """A JSON body; the texts under the fields are their descriptions."""

    model_config = ConfigDict(use_attribute_docstrings=True)


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


class Problem(Body):
    """A failure of a video or a stage."""

    reason: str = Field(examples=["MEDIA_UNREADABLE"])
    """For programs; see docs/errors.md."""
    message: str
    """For people: what failed and what to do."""


class StageStatus(Body):
    """One stage of the work on a video."""

    name: str = Field(examples=["transcribe"])
    """`fetch`, `prepare`, `transcribe`, `watch`, `listen`, `translate`, `evaluate` or `fuse`."""
    state: str = Field(examples=["running"])
    """`pending`, `running`, `completed`, `failed` or `skipped`."""
    fraction: float = Field(ge=0, le=1, examples=[0.4])
    """Share done, 0 to 1."""
    seconds: float | None
    """How long it took; null until it has ended."""
    error: Problem | None


class VideoStatus(Body):
    """One video of a session."""

    index: int
    """Place in the session, from 0."""
    state: str = Field(examples=["running"])
    """`pending`, `running`, `completed`, `partial` (usable, a stage failed), `failed` or `cancelled`."""
    stages: list[StageStatus]
    error: Problem | None


class CompletedResult(Body):
    """What a completed session amounts to."""

    success: Literal[True] = True
    processed_videos: int
    successful_videos: int
    """Videos with a result, complete or partial."""
    failed_videos: int
    results_url: str


class Status(Body):
    """Where a session stands. Keys that do not apply are absent."""

    status: Literal["downloading", "processing", "completed", "error", "not_found"]
    message: str = Field(examples=["Processing video 1/2..."])
    progress: str = Field(default="", examples=["1/2"])
    """Video that is being processed / all videos."""
    current_video: int = 0
    """Video that is being processed, from 1."""
    result: CompletedResult | None = None
    redirect: str = Field(default="", examples=[f"halaman_dasboard.html?session={SESSION_ID}"])
    """Page to go to, relative to this server."""
    error: str = ""
    """Why the session failed."""
    videos: list[VideoStatus] = []
    translating: int = 0
    """Of a completed session: answers whose translation follows. The result is there, and published again with each."""


class NotFound(Body):
    """There is no such session."""

    status: Literal["not_found"] = "not_found"
    message: str = "Session not found"


class ResultsNotFound(Body):
    """There is no such result (yet)."""

    success: Literal[False] = False
    message: str = "Results not found"


class Answer(Body):
    """One answer of a session."""

    index: int
    position_id: int
    question: str
    file_name: str
    state: str
    stages: list[StageStatus]
    error: Problem | None


MAX_INDEX = 999
"""Of an answer; sessions have 100 at most."""


class Override(Body):
    """A figure or finding of the assessment that a person sees differently."""

    answer_index: int = Field(ge=0, le=MAX_INDEX)
    """Place of the answer in the session, from 0."""
    kind: Literal["finding_dismissed", "score", "verdict"]
    target: str = Field(default="", max_length=200, examples=["second_voice@12.3"])
    """The finding's type and start, or the criterion; empty for a verdict."""
    value: str = Field(default="", max_length=200)
    """What holds instead: a score 0 to 100, a verdict, or empty for a finding that is dismissed."""
    reason: str = Field(min_length=1, max_length=1000)


class NewReview(Body):
    """A person's decision. They must have opened the evidence of every answer."""

    reviewer: str = Field(min_length=1, max_length=200, examples=["Rina Wulandari"])
    """Name of the person who decides."""
    decision: Literal["pass", "consider", "fail"]
    reason: str = Field(min_length=1, max_length=4000)
    overrides: list[Override] = Field(default=[], max_length=200)


class Review(NewReview):
    """A decision as recorded."""

    create_time: datetime | None
    proposal: str
    """What had been proposed: `pass`, `consider`, `fail` or `insufficient`."""
    result_sha256: str
    """Of the result that the person decided on."""


class Contest(Body):
    """A candidate's objection to a decision."""

    actor: str = Field(min_length=1, max_length=200)
    """Name of the person who records it: the candidate, or who speaks for them."""
    objection: str = Field(min_length=1, max_length=4000)


class Translation(Body):
    """An answer in the other language, or where that stands."""

    state: str = Field(examples=["completed"])
    """`pending`, `running`, `completed`, `failed` or `skipped` (stopped)."""
    language: str = Field(examples=["id"])
    """The language that it is translated into."""
    text: str | None
    """Null until it is there; empty where nobody could translate it."""
    grade: str | None = Field(examples=["gist"])
    """`full`; `gist`, which conveys the meaning and is not to be quoted; `none`. Null until it is there."""
    mismatches: list[str]
    """Numbers and names that stand on one side only."""
    error: Problem | None


class AuditEntry(Body):
    """Something that was done to a session or seen of it."""

    time: datetime | None
    actor: str
    """A person's name, or `system`."""
    action: str = Field(examples=["evidence_opened"])
    """`submitted`, `published`, `evidence_opened`, `decided`, `contested` or `cancelled`."""
    answer_index: int | None
    details: str


class Audit(Body):
    """What was done to a session, and every decision, in order of time."""

    entries: list[AuditEntry]
    reviews: list[Review]


class Session(Body):
    """A session as recorded."""

    session_id: str = Field(examples=[SESSION_ID])
    candidate_name: str
    language: str = Field(examples=["id"])
    state: str = Field(examples=["running"])
    """`pending`, `running`, `completed`, `failed` or `cancelled`."""
    message: str
    consent_reference: str
    create_time: datetime | None
    update_time: datetime | None
    end_time: datetime | None
    retention_end_time: datetime | None
    """When everything about it will be deleted; null while it runs."""
    results_url: str | None
    """Where the result is; null until it is published."""
    policy: str
    """Name of the policy that the assessment follows."""
    policy_sha256: str
    rubric: str
    """Name of the rubric that the answers are rated by; empty: the judge's own."""
    review_state: str = Field(examples=["open"])
    """`open` until a person has decided, then `decided`; `contested` when the candidate objects."""
    review: Review | None
    """What a person decided last."""
    objection: str
    """Why the candidate objects; empty unless contested."""
    translating: int
    """Answers whose translation follows the published result; 0 when none does."""
    answers: list[Answer]


class SessionPage(Body):
    """A page of sessions, newest first."""

    sessions: list[Session]
    next_page_token: str
    """Token of the next page; empty on the last."""


class Deleted(Body):
    """Everything that was stored of a session is gone."""

    deleted_objects: int


class ErrorDetail(Body):
    """Why, for programs."""

    reason: str = Field(examples=["SESSION_NOT_FOUND"])
    domain: str
    metadata: dict[str, str]


class ErrorInfo(Body):
    """An error on `/v1`."""

    code: int = Field(examples=[404])
    """The HTTP code."""
    status: str = Field(examples=["NOT_FOUND"])
    """The gRPC code."""
    message: str
    """For people."""
    details: list[ErrorDetail]


class ErrorBody(Body):
    """The body of every error on `/v1`."""

    error: ErrorInfo


class Welcome(Body):
    """What this server is."""

    message: str
    model: str
    endpoints: dict[str, str]


class Health(Body):
    """Whether the gateway can work."""

    status: Literal["ok", "ready", "not_ready"]
    missing: list[str] = []
    """What does not answer: `orchestrator`, `object_store`."""
