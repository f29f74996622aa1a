"""What an upload can choose, between REST and the orchestrator."""

from __future__ import annotations

from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.choices.schemas import Policy, Rubric, RubricCriterion


def policy_body(message: pb.Policy) -> Policy:
    """A policy."""
    return Policy(
        name=message.name,
        description=message.description,
        requires_consent=message.requires_consent,
        non_verbal=message.non_verbal,
        biometric_comparison=message.biometric_comparison,
        translation=message.translation,
        sha256=message.sha256,
        is_default=message.is_default,
    )


def rubric_body(message: judge_pb.Rubric) -> Rubric:
    """A rubric."""
    return Rubric(
        name=message.name,
        role=message.role,
        criteria=[RubricCriterion(name=c.name, weight=round(c.weight, 4)) for c in message.criteria],
        sha256=message.sha256,
        is_default=message.is_default,
    )
