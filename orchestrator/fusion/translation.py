"""Which translations of a result are to come."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.evidence import AnswerEvidence, StageReport
from orchestrator.policies.policy import Policy, Translation

ON_DEMAND = StageReport("on_demand")


def offered(answer: AnswerEvidence, policy: Policy) -> AnswerEvidence:
    """The answer as its result shows it: what the policy leaves to the reader's wish is `on_demand`, not `skipped`."""
    spoken = answer.transcript is not None and bool(answer.transcript.text)
    report = offered_report(answer.stages.get("translate", StageReport("skipped")), spoken, policy.translation)
    return replace(answer, stages=answer.stages | {"translate": report}) if report == ON_DEMAND else answer


def offered_report(report: StageReport, spoken: bool, wish: Translation) -> StageReport:
    """How a translation is shown of an answer that has words or not, under a policy's wish."""
    return ON_DEMAND if report.state == "skipped" and spoken and wish == "on_demand" else report
