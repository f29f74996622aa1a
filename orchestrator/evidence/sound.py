"""What was heard."""

from __future__ import annotations

from dataclasses import dataclass

from servicekit.wire import Model, Span, Track


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording holds: its length, and the sound track that was taken with what is missing of it."""

    duration_s: float
    sound: Track | None
    sound_missing: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One voice speaks; speaker 0 speaks most."""

    span: Span
    speaker: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice: its speech in seconds, its share of all speech 0 to 1."""

    speaker: int
    speaking_s: float
    share: float


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """The embedding and pitch of the voice that speaks most, to recognise it in the session's other answers.
    It is not compared where the lips tell that somebody else speaks most.

    Biometric: it is an artefact of its own, deleted with the session and part of no result.
    """

    embedding: tuple[float, ...]
    """Unit length, 256 numbers."""
    speaking_s: float
    models: tuple[Model, ...]
    pitch_hz: float | None = None
    """Median; None where none was found."""


@dataclass(frozen=True, slots=True)
class Audio:
    """What the sound held. Units are those of `interview.audio.v1.AudioSummary`."""

    speech: tuple[Span, ...]
    pauses: tuple[Span, ...]
    turns: tuple[Turn, ...]
    total_s: float
    speaking_s: float
    nonsilent_s: float
    response_latency_s: float | None
    speaker_count: int
    speaker_confidence: float | None
    silhouette: float | None
    speakers: tuple[Speaker, ...]
    speech_level_dbfs: float | None
    snr_db: float | None
    clipping_ratio: float
    models: tuple[Model, ...]
    integrated_lufs: float | None = None
    overlaps: tuple[Span, ...] = ()
    course_dbfs: tuple[int, ...] = ()
    """Level every COURSE_STEP_S in dB; empty in artefacts of an older version."""
