"""Where a session stands."""

from __future__ import annotations

from datetime import datetime

from interview_client.models.body import Body


class Problem(Body):
    """A failure of a video or a stage: `reason` for programs, `message` for people."""

    reason: str = ""
    message: str = ""


class Stage(Body):
    """One stage of the work on a video.

    `state` is `pending`, `running`, `completed`, `failed` or `skipped`; `fraction` 0 to 1; `seconds` once it has ended.
    """

    name: str
    state: str = "pending"
    fraction: float = 0.0
    seconds: float | None = None
    error: Problem | None = None


class Playback(Body):
    """What can be played of an answer: `state` is `pending`, `ready`, `failed` or `deleted`.

    `expire_time`: until when, or when that ended; None: until a person has decided.
    """

    state: str = "pending"
    content_type: str = ""
    size_bytes: int = 0
    expire_time: datetime | None = None


class Video(Body):
    """One video of a session; `index` from 0.

    `state` is `pending`, `running`, `completed`, `partial` (usable, a stage failed), `failed` or `cancelled`.
    `retryable`: it can be run again; `playback`: what can be played of it, None where the policy keeps no recordings.
    A session as recorded says both, its status does not.
    """

    index: int = 0
    state: str = "pending"
    stages: tuple[Stage, ...] = ()
    error: Problem | None = None
    retryable: bool = False
    playback: Playback | None = None


class Outcome(Body):
    """What a completed session amounts to."""

    success: bool = True
    processed_videos: int = 0
    successful_videos: int = 0
    failed_videos: int = 0
    results_url: str = ""


class Status(Body):
    """Where a session stands: `status` is `downloading`, `processing`, `completed` or `error`.

    `translating` is of how many answers of a completed session the translation follows.
    """

    status: str
    message: str = ""
    progress: str = ""
    current_video: int = 0
    result: Outcome | None = None
    redirect: str = ""
    error: str = ""
    videos: tuple[Video, ...] = ()
    translating: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more but translations that follow."""
        return self.status in ("completed", "error")

    @property
    def failed(self) -> bool:
        """Whether it ended without a result."""
        return self.status == "error"
