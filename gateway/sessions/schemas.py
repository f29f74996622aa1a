"""A session and where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.reviews.schemas import Review
from gateway.schemas import SESSION_ID, Body


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
    videos: list[VideoStatus] = Field(default=[])
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


class Playback(Body):
    """The copy of a recording that can be played, at `/v1/sessions/{id}/answers/{index}/recording`."""

    state: str = Field(examples=["ready"])
    """`pending` (it is made once the result is there), `ready`, `failed` (it could not be made) or `deleted`."""
    content_type: str = Field(examples=["video/mp4"])
    """`video/mp4`, or `audio/mp4` without a picture; empty unless it is ready."""
    size_bytes: int
    """0 unless it is ready."""
    expire_time: datetime | None
    """Until when it can be played, or when that ended; null: until a person has decided."""


class Answer(Body):
    """One answer of a session."""

    index: int
    position_id: int
    question: str
    file_name: str
    state: str
    stages: list[StageStatus]
    error: Problem | None
    rubric: str
    """Name of the rubric that it is rated by; empty: the session's."""
    retryable: bool
    """Whether it can be run again (`/retry`): a stage or the session failed, and the recording is kept."""
    playback: Playback | None
    """What can be played of it; null where the policy keeps no recordings."""


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
    """Why the candidate objected last; empty where they never did."""
    objected_by_link: bool
    """Whether the candidate wrote that by themselves, under their link."""
    contest_time: datetime | None
    """When they objected; null once that is decided."""
    shortlist_time: datetime | None
    """When a person put the candidate on the shortlist; null: they are not on it."""
    blind: bool
    """Whether its policy asks reviewers to rate it by themselves first."""
    translating: int
    """Answers whose translation follows the published result; 0 when none does."""
    job_id: str
    """The job that it belongs to; empty: none."""
    job_version: int
    """Version of that job's questions; 0 without a job."""
    answers: list[Answer]


class SessionPage(Body):
    """A page of sessions, newest first."""

    sessions: list[Session]
    next_page_token: str
    """Token of the next page; empty on the last."""


class Deleted(Body):
    """Everything that was stored of a session is gone."""

    deleted_objects: int
