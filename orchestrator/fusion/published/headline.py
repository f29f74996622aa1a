"""What a list shows of a published result: the proposal, the total with its interval, findings by severity.

A result may be older than the types of today: only what is named here is read of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pydantic import BaseModel

from orchestrator.fusion.blocks.proposal import Outcome
from orchestrator.fusion.findings.finding import Severity
from orchestrator.fusion.findings.page import PAGE

GAZE = frozenset({"looking_away", "reading"})
"""Findings in where somebody looks: they count in no verdict, and are not counted here either."""


class _Finding(BaseModel):
    type: str
    severity: Severity


class _Evidence(BaseModel):
    findings: tuple[_Finding, ...] = ()


class _AnswerResult(BaseModel):
    evidence: _Evidence = _Evidence()


class _Answer(BaseModel):
    result: _AnswerResult


class _Proposal(BaseModel):
    outcome: Outcome
    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None


class _Result(BaseModel):
    decision_proposal: _Proposal
    content: tuple[_Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Headline:
    """Columns of a session's row. `total` and its interval are 0 to 100; None where there is none."""

    outcome: Outcome
    total: float | None
    total_low: float | None
    total_high: float | None
    info_findings: int
    review_findings: int
    serious_findings: int


def headline(content: bytes) -> Headline:
    """Of a published result. Raises pydantic's ValidationError when it is no result."""
    read = _Result.model_validate_json(content)
    found = (finding for answer in read.content for finding in answer.result.evidence.findings)
    counted = Counter(finding.severity for finding in found if finding.type not in GAZE | PAGE)
    proposed = read.decision_proposal
    return Headline(
        proposed.outcome,
        proposed.total,
        proposed.total_low,
        proposed.total_high,
        counted["info"],
        counted["review"],
        counted["serious"],
    )
