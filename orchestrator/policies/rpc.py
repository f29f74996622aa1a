"""Policies and rubrics over gRPC."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.policies.choices import Choices
from servicekit.wire import duration

DAY_S = 86_400.0


class ChoiceCalls:
    """Tells what a session can name."""

    def __init__(self, choices: Choices, retention_days: float) -> None:
        """Share the choices with those who check them; results are kept for `retention_days` days."""
        self._choices, self._retention_s = choices, retention_days * DAY_S

    async def ListPolicies(self, request: pb.ListPoliciesRequest, context: Any) -> pb.ListPoliciesResponse:
        """The policies that a session can name, and how long results are kept."""
        return pb.ListPoliciesResponse(policies=self._choices.policies(), retention=duration(self._retention_s))

    async def ListRubrics(self, request: pb.ListRubricsRequest, context: Any) -> pb.ListRubricsResponse:
        """The rubrics that a session can name."""
        return pb.ListRubricsResponse(rubrics=await self._choices.rubrics())
