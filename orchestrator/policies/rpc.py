"""Policies and rubrics over gRPC."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.policies.choices import Choices
from orchestrator.settled import Settled
from servicekit.wire import duration

DAY_S = 86_400.0


class ChoiceCalls:
    """Tells what a session can name."""

    def __init__(self, choices: Choices, preferences: Settled) -> None:
        """Share the choices with those who check them; how long results are kept is in `preferences`."""
        self._choices, self._preferences = choices, preferences

    async def ListPolicies(self, request: pb.ListPoliciesRequest, context: Any) -> pb.ListPoliciesResponse:
        """The policies that a session can name, and how long results are kept."""
        retention = duration(await self._preferences.retention_days() * DAY_S)
        return pb.ListPoliciesResponse(policies=await self._choices.policies(), retention=retention)

    async def ListRubrics(self, request: pb.ListRubricsRequest, context: Any) -> pb.ListRubricsResponse:
        """The rubrics that a session can name."""
        return pb.ListRubricsResponse(rubrics=await self._choices.rubrics())
