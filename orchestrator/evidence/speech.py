"""What was said."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

from servicekit.wire import Model, Span

Quality = Literal["good", "usable", "insufficient"]
"""Whether an answer can be judged by its transcript."""


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word; `probability` 0 to 1."""

    span: Span
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech. `avg_logprob` is the mean natural log probability of its tokens, at most 0."""

    span: Span
    text: str
    words: tuple[Word, ...]
    avg_logprob: float
    no_speech_probability: float
    confidence: float
    language: str = ""
    """Empty in transcripts of older versions: the transcript's."""


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """Share of the words that are in a language, above 0 to 1."""

    language: str
    share: float


@dataclass(frozen=True, slots=True)
class Passage:
    """What was said at a stretch in one language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch left out of the transcript; `reason` is `no_speech`, `repetition` or `unintelligible`."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said; confidences 0 to 1.

    `language` is the one of most words; `languages` has the share of each, empty in transcripts of older versions.
    """

    segments: tuple[Segment, ...]
    language: str
    language_probability: float
    word_count: int
    confidence: float | None
    min_confidence: float | None
    max_confidence: float | None
    speech_s: float
    dropped: tuple[Dropped, ...]
    quality: Quality
    quality_reason: str
    model: Model
    calibrated_confidence: float | None = None
    languages: tuple[LanguageShare, ...] = ()

    @property
    def text(self) -> str:
        """The whole text, segments joined by single spaces."""
        return " ".join(segment.text.strip() for segment in self.segments if segment.text.strip())

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The text in stretches of one language; empty when all of it is in one."""
        said = [s for s in self.segments if s.text.strip()]
        runs = itertools.groupby(said, key=lambda segment: segment.language or self.language)
        found = tuple(Passage(" ".join(s.text.strip() for s in run), language) for language, run in runs)
        return found if len(found) > 1 else ()
