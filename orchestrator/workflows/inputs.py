"""What travels through Temporal: ids and references, never names, questions or words."""

from __future__ import annotations

from dataclasses import dataclass

from servicekit.media import Media


@dataclass(frozen=True, slots=True)
class SessionInput:
    """A session to assess. `retention_s` is how long its result is kept, seconds."""

    session_id: str
    answer_count: int
    retention_s: float


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a session stands when its workflow begins: `answers` are the evidence artefacts of those that have ended.

    Not `open`: it is deleted or has ended, and there is nothing to do.
    """

    open: bool
    answers: tuple[Media | None, ...] = ()
    keeps_recordings: bool = False
    """Whether copies of its recordings are made once the result is there."""


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """One answer of a session."""

    session_id: str
    index: int


@dataclass(frozen=True, slots=True)
class PrepareInput:
    """A recording to probe and take the sound from."""

    answer: AnswerInput
    video: Media


@dataclass(frozen=True, slots=True)
class Prepared:
    """A recording that was looked into: `video` is None without a picture, `sound` its sound track as mono FLAC."""

    video: Media | None
    sound: Media | None
    duration_s: float
    recording: Media | None = None
    """The artefact that says what is in it; None in histories that have none."""


@dataclass(frozen=True, slots=True)
class StageInput:
    """A stage that works on a file; None when the recording has no such track."""

    answer: AnswerInput
    media: Media | None


@dataclass(frozen=True, slots=True)
class JudgeInput:
    """A stage that works on the transcript artefact `transcript`."""

    answer: AnswerInput
    transcript: Media


@dataclass(frozen=True, slots=True)
class TranslationsEnd:
    """Translations of a session that will not come: cancelled, or lost by a fault."""

    session_id: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class StageFailure:
    """A stage that ended without a result."""

    answer: AnswerInput
    stage: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class AnswerFiles:
    """The artefacts of one answer, and what it needs to be closed."""

    answer: AnswerInput
    duration_s: float | None = None
    transcript: Media | None = None
    vision: Media | None = None
    audio: Media | None = None
    evaluation: Media | None = None
    translation: Media | None = None
    recording: Media | None = None
    error_reason: str = ""
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class PublishInput:
    """A session whose answers have ended: `answers` are their evidence artefacts in order."""

    session_id: str
    answers: tuple[Media, ...]
    summary: Media | None = None
    retention_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ErasureInput:
    """A session to delete after `delay_s` seconds."""

    session_id: str
    delay_s: float = 0.0


def playback_workflow_id(session_id: str) -> str:
    """Of the workflow that makes the copies of a session's recordings."""
    return f"playback-{session_id}"


def translation_workflow_id(session_id: str) -> str:
    """Of the workflow that makes a session's translations: the same one, whoever asks for them."""
    return f"translation-{session_id}"
