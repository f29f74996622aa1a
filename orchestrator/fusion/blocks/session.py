"""The whole result: its answers, and what holds for the session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from orchestrator.evidence import Attribution
from orchestrator.fusion.blocks.assessment import LlmResults, Penilaian
from orchestrator.fusion.blocks.evidence import Evidence, Quality
from orchestrator.fusion.blocks.figures import Language, Percent, Points
from orchestrator.fusion.blocks.integrity import AggregateCheating, CheatingDetection
from orchestrator.fusion.blocks.nonverbal import AggregateNonVerbal, NonVerbalAnalysis, NonVerbalScore
from orchestrator.fusion.blocks.proposal import AnswerScore, DecisionProposal
from orchestrator.fusion.blocks.provenance import Modalities, Problem, Provenance
from orchestrator.policies.policy import SwitchedOff, Translation


@dataclass(frozen=True, slots=True)
class AnswerMetadata:
    """When and from what an answer was assessed."""

    word_count: int
    processed_at: str
    logprobs_enabled: bool
    source_language: Language
    duration_seconds: float | None


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """Everything about one answer."""

    penilaian: Penilaian
    non_verbal_analysis: NonVerbalAnalysis
    non_verbal_confidence_score: Points | None
    non_verbal_confidence: NonVerbalScore | None
    transkripsi_en: str
    """As spoken where most of it was in English, with what was in the other language as it was; else the translation,
    in which sentences that were spoken in English stand as they were."""
    transkripsi_id: str
    """As spoken where most of it was in Indonesian, with what was in the other language as it was; else the
    translation, in which sentences that were spoken in Indonesian stand as they were."""
    transkripsi_confidence: Percent | None
    transkripsi_min_confidence: Percent | None
    transkripsi_max_confidence: Percent | None
    transkripsi_word_confidence: Percent | None
    transkripsi_calibrated_confidence: Percent | None
    cheating_detection: CheatingDetection
    metadata: AnswerMetadata
    evidence: Evidence
    quality: Quality
    provenance: Provenance
    modalities: Modalities
    error: Problem | None
    answer_score: AnswerScore


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what came of it."""

    id: int
    question: str
    result: AnswerResult


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of wall time a stage, and the same per minute of recording."""

    id: int
    seconds: dict[str, float]
    seconds_per_minute: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class PolicyMark:
    """Which policy was followed."""

    name: str
    translation: Translation
    """When answers are translated."""
    sha256: str
    switched_off: tuple[SwitchedOff, ...] = ()
    """What it does not let any service compute: `non_verbal`, `biometric_comparison`, `voices`."""


@dataclass(frozen=True, slots=True)
class SessionMetadata:
    """How the session was processed."""

    total_videos: int
    successful_videos: int
    failed_videos: int
    processed_at: str
    model: str | None
    llm_model: str | None
    summary: Attribution | None
    """Who wrote the summary."""
    timing: tuple[Timing, ...]
    consent_reference: str
    policy: PolicyMark
    schema_version: str


@dataclass(frozen=True, slots=True)
class SessionResult:
    """The keys of the original system, and our own beside them. Further keys may be added; these stay.

    null means: not measured.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        title="Result of an interview assessment session", use_attribute_docstrings=True
    )

    success: bool
    """False when no answer could be used."""
    name: str
    session: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    llm_results: LlmResults
    decision_proposal: DecisionProposal
    aggregate_cheating_detection: AggregateCheating
    aggregate_non_verbal_analysis: AggregateNonVerbal
    content: tuple[Answer, ...]
    metadata: SessionMetadata
    human_decision_required: Literal[True]
