"""Signs of help: one answer's verdict, and the session's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from orchestrator.fusion.blocks.figures import Percent, RiskLevel, Verdict
from orchestrator.policies.policy import Risk

Spread = Annotated[dict[Risk, int], Field(min_length=3)]
"""How many answers have each verdict, those without data left out."""


@dataclass(frozen=True, slots=True)
class FrameConfidence:
    """The original's confidence in single frames."""

    average: Percent | None
    min: Percent | None
    max: Percent | None


@dataclass(frozen=True, slots=True)
class Visual:
    """The original's figures of single frames; none of them makes a verdict."""

    cheating_score: Percent | None
    suspicious_frames: int | None
    cheating_reasons: tuple[str, ...]
    confidence: FrameConfidence


@dataclass(frozen=True, slots=True)
class Voices:
    """The voices in the sound."""

    num_speakers: int | None
    confidence: Percent | None
    silhouette_score: Annotated[float, Field(ge=-1, le=1)] | None


@dataclass(frozen=True, slots=True)
class CheatingDetection:
    """The verdict on one answer and what it rests on."""

    visual: Visual
    audio: Voices
    final_verdict: Verdict
    final_avg_confidence: Percent | None
    all_indicators: tuple[str, ...]
    original_rule_verdict: Verdict
    """What the original's rules would have said; for comparison only."""


@dataclass(frozen=True, slots=True)
class QuestionWithIssues:
    """An answer with a verdict that a person should look at."""

    question_id: int
    question: str
    verdict: Verdict
    cheating_score: Percent | None
    visual_confidence: Percent | None
    audio_confidence: Percent | None
    num_speakers: int | None
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of an answer's indicators."""

    question_id: int
    question: str
    indicator: str


@dataclass(frozen=True, slots=True)
class AggregateCheating:
    """The verdict on the session."""

    avg_cheating_score: Percent | None
    avg_visual_confidence: Percent | None
    avg_audio_confidence: Percent | None
    avg_overall_confidence: Percent | None
    total_suspicious_frames: int
    avg_silhouette_score: float | None
    verdict_distribution: Spread
    final_aggregate_verdict: Verdict
    risk_level: RiskLevel
    questions_with_issues: tuple[QuestionWithIssues, ...]
    all_indicators: tuple[Indicator, ...]
    summary: str
