"""Scores by a policy, each with the terms that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from orchestrator.fusion.blocks.figures import Points

Outcome = Literal["pass", "consider", "fail", "insufficient"]
ProposalName = Literal["Lulus", "Pertimbangan", "Tidak Lulus", "insufficient"]
"""The original's words: passed, to be considered, not passed."""


@dataclass(frozen=True, slots=True)
class Term:
    """One summand: `points` are `weight` times `value`."""

    name: str
    value: float | None
    weight: float | None
    points: float | None


@dataclass(frozen=True, slots=True)
class AnswerTerm(Term):
    """One summand of an answer's score, and where in the result its value stands."""

    from_: Annotated[str, Field(alias="from")]


@dataclass(frozen=True, slots=True)
class AnswerScore:
    """Our own: the policy's score of one answer, 0 to 100; null without a scored answer."""

    score: Points | None
    low: Points | None
    """Lower end of the score's interval; null where it is not known."""
    high: Points | None
    """Upper end of that interval."""
    terms: tuple[AnswerTerm, ...]


@dataclass(frozen=True, slots=True)
class PolicyText:
    """The policy that proposes."""

    name: str
    description: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DecisionProposal:
    """What the policy proposes. Only a person's review is a decision."""

    proposal: ProposalName
    outcome: Outcome
    total: Points | None
    """The session's final score, the only one there is."""
    total_low: Points | None
    """Lower end of the total's interval: an upper bound of how far it may be off; null where it is not known."""
    total_high: Points | None
    """Upper end of that interval."""
    rating: Annotated[int, Field(ge=1, le=5)] | None
    interview_score: Points | None
    """Mean of the answers' scores."""
    project_score: Points | None
    terms: tuple[Term, ...]
    reasons: tuple[str, ...]
    policy: PolicyText
    human_decision_required: Literal[True]
