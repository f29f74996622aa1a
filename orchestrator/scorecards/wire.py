"""From scorecards to the messages of `OrchestratorService`."""

from __future__ import annotations

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.scorecards.agreement import Agreement
from orchestrator.scorecards.tables import ScorecardRow
from orchestrator.wire import message

RECOMMENDED = {pb.DECISION_PASS: "pass", pb.DECISION_CONSIDER: "consider", pb.DECISION_FAIL: "fail"}


def scorecard_message(row: ScorecardRow) -> pb.Scorecard:
    """A scorecard."""
    return message(pb.Scorecard, row, ratings=[pb.ScorecardRating(**each) for each in row.ratings])


def agreement_message(found: Agreement) -> pb.Agreement:
    """How far ratings agree."""
    return message(pb.Agreement, found)
