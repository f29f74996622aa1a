"""Policies and rubrics over gRPC."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.policies.choices import Choices


class ChoiceCalls:
    """Tells what a session can name."""

    def __init__(self, choices: Choices) -> None:
        """Share the choices with those who check them."""
        self._choices = choices

    async def ListPolicies(self, request: pb.ListPoliciesRequest, context: Any) -> pb.ListPoliciesResponse:
        """The policies that a session can name."""
        return pb.ListPoliciesResponse(policies=self._choices.policies())

    async def ListRubrics(self, request: pb.ListRubricsRequest, context: Any) -> pb.ListRubricsResponse:
        """The rubrics that a session can name."""
        return pb.ListRubricsResponse(rubrics=await self._choices.rubrics())
