"""Our own: what every figure of an answer rests on, in seconds on the recording's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from orchestrator.fusion.blocks.figures import Percent
from orchestrator.fusion.blocks.moments import (
    LeftOut,
    Look,
    SpokenFiller,
    SpokenLanguage,
    SpokenSegment,
    SpokenShare,
    SpokenTurn,
    Stretch,
)
from orchestrator.fusion.findings.finding import Finding
from servicekit.wire import Track

Interval = Annotated[float, Field(ge=1, le=100)]
Influence = Annotated[float, Field(ge=-100, le=100)]


@dataclass(frozen=True, slots=True)
class Heard:
    """Every segment and word with its time and confidence."""

    language: str
    """The language of most of the words."""
    language_probability: float | None
    languages: tuple[SpokenLanguage, ...]
    """Share of the words in each language, the largest first; empty without words."""
    confidence_calibrated: bool
    """Whether the share of right words was measured for this model and every language of the answer; if not,
    transkripsi_calibrated_confidence is null."""
    segments: tuple[SpokenSegment, ...]
    dropped: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class CriterionRating:
    """One criterion with what carried it."""

    criterion: str
    score: float | None
    """1 to 100; null where the answer has no score."""
    confidence: float | None
    low: Interval | None
    """Lower end of the interval that holds a person's score in 8 of 10 answers; null where it is not known."""
    high: Interval | None
    """Upper end of that interval."""
    quote: str
    influence: Influence | None
    """Points of 100 that the score would lose without the quote; null without one and where it was not measured."""
    start_s: float | None
    end_s: float | None


@dataclass(frozen=True, slots=True)
class FlaggedWords:
    """What the judge flags: `answer_addresses_the_judge`, `keyword_list`, or what a newer one does."""

    type: str
    quote: str
    start_s: float | None
    end_s: float | None


@dataclass(frozen=True, slots=True)
class Signals:
    """What the candidate's page was to note while it recorded: `page_left`, `second_screen`, `paste`, `device_change`.

    What it noted stands in the findings. Nothing of it counts in a score, verdict or proposal.
    """

    measured: tuple[str, ...]
    """Those that the candidate's browser can tell."""
    not_measured: tuple[str, ...]
    """Those that it cannot tell, or that were not to be noted without consent."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the figures of one answer rest on."""

    findings: tuple[Finding, ...]
    transcript: Heard | None
    ratings: tuple[CriterionRating, ...]
    answer_flags: tuple[FlaggedWords, ...]
    translation_mismatches: tuple[str, ...]
    turns: tuple[SpokenTurn, ...]
    speakers: tuple[SpokenShare, ...]
    overlaps: tuple[Stretch, ...]
    pauses: tuple[Stretch, ...]
    fillers: tuple[SpokenFiller, ...]
    blinks: tuple[Stretch, ...]
    looking_away: tuple[Look, ...]
    timeline: str | None
    """Name of the artefact; null without a picture."""
    signals: Signals | None = None
    """Null where the page was to note nothing."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Our own: how good the recording is."""

    transcript: Literal["good", "usable", "insufficient"] | None
    transcript_reason: str
    snr_db: float | None
    integrated_loudness_lufs: float | None
    speech_level_dbfs: float | None
    clipping_percent: Percent | None
    nonsilent_seconds: float | None
    face_present_percent: Percent | None
    lip_similarity: float | None
    """How much voice and lips rise and fall together, -1 to 1, usually 0.3 to 0.6; null if too little was seen."""
    picture_late_seconds: float | None
    """How much later the picture is than the sound; negative: earlier; null where no time stands out."""
    frame_rate_hz: float | None
    width_px: int | None
    height_px: int | None
    sound_track: Track | None
    """The sound track that was taken: its number in the file, how many there are, and why this one."""
    picture_track: Track | None
    """The picture track that was taken: its number in the file, how many there are, and why this one."""
    sound_missing: tuple[Stretch, ...]
    """Where there is no sound: not recorded, or damaged."""
    picture_missing: tuple[Stretch, ...]
    """Where there is no picture: not recorded, or damaged."""
