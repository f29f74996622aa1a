"""Stretches of a recording, in seconds from the first frame to the hundredth."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.fusion.blocks.figures import Percent, Ratio


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start_s` to `end_s`."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SpokenTurn(Stretch):
    """One voice speaks; speaker 0 speaks most."""

    speaker: int


@dataclass(frozen=True, slots=True)
class SpokenFiller(Stretch):
    """A filler word or phrase."""

    text: str


@dataclass(frozen=True, slots=True)
class Look(Stretch):
    """A look away: `left`, `right`, `up`, `down` or empty."""

    direction: str


@dataclass(frozen=True, slots=True)
class SpokenWord(Stretch):
    """A word."""

    text: str
    probability: Ratio | None


@dataclass(frozen=True, slots=True)
class SpokenSegment(Stretch):
    """A stretch of speech."""

    text: str
    language: str
    """The language that this segment was read in."""
    confidence: float | None
    words: tuple[SpokenWord, ...]


@dataclass(frozen=True, slots=True)
class LeftOut(Stretch):
    """A stretch that is not in the transcript: `no_speech`, `repetition` or `unintelligible`."""

    reason: str


@dataclass(frozen=True, slots=True)
class SpokenShare:
    """A voice's share of all speech, 0 to 1."""

    speaker: int
    share: float | None


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language's share of the words."""

    language: str
    percent: Percent | None
