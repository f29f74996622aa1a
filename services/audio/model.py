"""What an analysis of sound is: inputs, results and the protocol. No machine learning, no protobuf."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from servicekit.wire import Model, Progress, Span, Track


@dataclass(frozen=True, slots=True)
class Turn:
    """One voice speaks; speaker 0 speaks most."""

    span: Span
    speaker: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice: seconds of speech, its share of all speech 0 to 1, its unit embedding of 256 numbers, and its median
    pitch in Hz or None.
    """

    speaker: int
    speaking_s: float
    share: float
    embedding: tuple[float, ...]
    pitch_hz: float | None = None


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks when. `confidence` 0 to 1 and `silhouette` -1 to 1 are None where they mean nothing; `overlaps` is
    where two voices may speak at once.
    """

    turns: tuple[Turn, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    confidence: float | None = None
    silhouette: float | None = None
    overlaps: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Levels:
    """Sound quality. Levels in dB relative to full scale, loudness in LUFS; `clipping_ratio` is a share of samples."""

    speech_dbfs: float | None
    integrated_lufs: float | None
    snr_db: float | None
    clipping_ratio: float
    nonsilent_s: float
    course_dbfs: tuple[int, ...] = ()
    """Every COURSE_STEP_S, -100 to 0."""


@dataclass(frozen=True, slots=True)
class AudioResult:
    """Everything about one file."""

    total_s: float
    speech: tuple[Span, ...]
    pauses: tuple[Span, ...]
    voices: Voices
    levels: Levels
    models: tuple[Model, ...]
    missing: tuple[Span, ...] = ()
    """Where there is no sound."""
    track: Track | None = None
    """The track that was heard."""


Event = Progress | AudioResult


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be measured: `voices` at all, and `identity`, which describes them for comparison with other files."""

    voices: bool = True
    identity: bool = True


EVERYTHING = Scope()


class AudioAnalyzer(Protocol):
    """Finds speech, pauses and voices."""

    def load(self) -> None:
        """Load the weights; blocking. Raises WeightsError."""

    def analyze(self, path: Path, scope: Scope = EVERYTHING) -> Generator[Event, None, None]:
        """Yield progress, then one result, of what the scope allows. Raises ServiceError."""
