"""What a transcriber is: inputs, results and the protocol. No machine learning, no protobuf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from servicekit.wire import Model, Progress, Span


@dataclass(frozen=True, slots=True)
class TranscriptionInput:
    """A file with sound. `language` is to be expected, empty: any. `initial_prompt` follows the settings'."""

    path: Path
    language: str = ""
    initial_prompt: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word; `probability` 0 to 1."""

    span: Span
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech in one language; `avg_logprob` is natural and at most 0, the rest 0 to 1."""

    span: Span
    text: str
    words: tuple[Word, ...]
    avg_logprob: float
    no_speech_probability: float
    language: str

    @property
    def confidence(self) -> float:
        """Mean word probability; 0 without words."""
        if not self.words:
            return 0.0
        return sum(w.probability for w in self.words) / len(self.words)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch left out: `reason` is `no_speech`, `repetition` or `unintelligible`."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """Share of the words that were read in a language, above 0 to 1."""

    language: str
    share: float


def shares(segments: Iterable[Segment]) -> tuple[LanguageShare, ...]:
    """Share of the words in each language, the largest first."""
    words = Counter[str]()
    for segment in segments:
        words[segment.language] += len(segment.words)
    return tuple(LanguageShare(code, count / words.total()) for code, count in words.most_common() if count)


@dataclass(frozen=True, slots=True)
class TranscriptionResult:
    """What holds for the whole file. `language` is the one of most words; without words the expected one."""

    segments: tuple[Segment, ...]
    dropped: tuple[Dropped, ...]
    language: str
    language_probability: float
    duration_s: float
    speech_s: float
    model: Model

    @property
    def languages(self) -> tuple[LanguageShare, ...]:
        """Share of the words in each language, the largest first; empty without words."""
        return shares(self.segments)


Event = Progress | Segment | TranscriptionResult


class Transcriber(Protocol):
    """Turns sound into words."""

    def load(self) -> None:
        """Load the weights; blocking. Raises WeightsError."""

    def transcribe(self, request: TranscriptionInput) -> Generator[Event, None, None]:
        """Yield progress and segments in time order, then one result. Raises ServiceError."""
