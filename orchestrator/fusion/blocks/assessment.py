"""What the judge gave: one answer's ratings, and the session's."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.fusion.blocks.figures import Percent, Ratio, Whole


@dataclass(frozen=True, slots=True)
class Penilaian:
    """The rating of one answer; its figures are null where it has no score."""

    confidence_score: Percent | None
    kualitas_jawaban: Whole | None
    relevansi: Whole | None
    koherensi: Whole | None
    total: Whole | None
    total_low: Whole | None
    """Lower end of the interval that holds a person's total in 8 of 10 answers; null where it is not known."""
    total_high: Whole | None
    """Upper end of that interval."""
    analisis_llm: str | None
    follow_up_question: str
    """A question worth asking next; empty when there is none."""
    missing: tuple[str, ...]
    """What question or reference ask for and the answer does not take up."""
    gap: str
    """What the answer lacks most: `topic` (the question itself), `part` (of it), `case` (of one's own), `own` (part in
    it), `how`, `why`, `result`, `fact` (something may not be right), `order` or `none`; empty where not measured."""
    logprobs_confidence: Percent | None
    logprobs_probability: Ratio | None
    logprobs_available: bool
    not_scored_reason: str
    rate_by_hand: bool
    """Whether a person has to rate the answer: it has words but no score, for `not_scored_reason`."""


@dataclass(frozen=True, slots=True)
class LlmResults:
    """The judge's figures of the whole session."""

    kesimpulan_llm: str | None
    rata_rata_confidence_score: int | None
    avg_total_llm: int | None
    """Mean of the answers' totals in whole points, as the original has it."""
    final_score_llm: Percent | None
    """The session's final score: the same value as `decision_proposal.total`."""
    avg_logprobs_confidence: Percent | None
    summary_logprobs_confidence: Percent | None
    reused_single_analysis: bool
    project_score: Percent | None
