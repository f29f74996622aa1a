"""What an upload can choose, between REST and the orchestrator."""

from __future__ import annotations

from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.choices.schemas import Policy, Rubric, RubricCriterion
from gateway.wire import body


def policy_body(message: pb.Policy) -> Policy:
    """A policy."""
    return body(Policy, message)


def rubric_body(message: judge_pb.Rubric) -> Rubric:
    """A rubric."""
    criteria = [body(RubricCriterion, c, weight=round(c.weight, 4)) for c in message.criteria]
    return body(Rubric, message, criteria=criteria)
