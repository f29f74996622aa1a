"""What goes to the gateway and what comes back. Unknown keys are kept out of the way, missing ones have defaults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

LANGUAGES = ("en", "id")
"""Spoken languages that the system knows, ISO 639-1."""


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """A recorded answer on this machine.

    `reference` is a model answer or key points; `language` is `en` or `id`, empty for the session's.
    """

    path: Path
    question: str
    reference: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class UrlAnswer:
    """A recorded answer that the system downloads: a public http(s) URL or a Google Drive link.

    `position_id` is your own number for it; None: its place from 1. `reference` and `language` as in `NewAnswer`.
    """

    url: str
    question: str
    reference: str = ""
    language: str = ""
    position_id: int | None = None


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Problem(_Body):
    """A failure of a video or a stage: `reason` for programs, `message` for people."""

    reason: str = ""
    message: str = ""


class Stage(_Body):
    """One stage of the work on a video.

    `state` is `pending`, `running`, `completed`, `failed` or `skipped`; `fraction` 0 to 1; `seconds` once it has ended.
    """

    name: str
    state: str = "pending"
    fraction: float = 0.0
    seconds: float | None = None
    error: Problem | None = None


class Video(_Body):
    """One video of a session; `index` from 0.

    `state` is `pending`, `running`, `completed`, `partial` (usable, a stage failed), `failed` or `cancelled`.
    """

    index: int = 0
    state: str = "pending"
    stages: tuple[Stage, ...] = ()
    error: Problem | None = None


class Outcome(_Body):
    """What a completed session amounts to."""

    success: bool = True
    processed_videos: int = 0
    successful_videos: int = 0
    failed_videos: int = 0
    results_url: str = ""


class Status(_Body):
    """Where a session stands: `status` is `uploading`, `downloading`, `processing`, `completed` or `error`."""

    status: str
    message: str = ""
    progress: str = ""
    current_video: int = 0
    result: Outcome | None = None
    redirect: str = ""
    error: str = ""
    videos: tuple[Video, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ("completed", "error")

    @property
    def failed(self) -> bool:
        """Whether it ended without a result."""
        return self.status == "error"


class Submission(_Body):
    """A session that has started."""

    session_id: str
    uploaded_videos: int = 0


class Session(_Body):
    """A session as recorded; `state` is `pending`, `running`, `completed`, `failed` or `cancelled`."""

    session_id: str
    candidate_name: str = ""
    language: str = ""
    state: str = "pending"
    message: str = ""
    create_time: datetime | None = None
    end_time: datetime | None = None
    retention_end_time: datetime | None = None
    results_url: str | None = None
    answers: tuple[Video, ...] = ()


class SessionPage(_Body):
    """A page of sessions, newest first; `next_page_token` is empty on the last."""

    sessions: tuple[Session, ...] = ()
    next_page_token: str = ""


class Deleted(_Body):
    """What went with a session."""

    deleted_objects: int = 0
