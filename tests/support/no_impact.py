"""An orchestrator whose jobs ask nobody for their groups."""

from __future__ import annotations

from typing import Any

import grpc
from interview.impact.v1.impact_service_pb2_grpc import ImpactServiceServicer

from servicekit.errors import ServiceError


class NoImpact(ImpactServiceServicer):
    """Without any job there is nothing to ask: `tests.support.recruiting` has one with jobs."""

    async def _no_job(self, request: Any, context: Any) -> Any:
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "JOB_NOT_FOUND", "There is no such job.")

    async def _no_invitation(self, request: Any, context: Any) -> Any:
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "INVITATION_NOT_FOUND", "There is no such invitation.")

    GetGroupQuestions = SetGroupQuestions = GetImpactReport = _no_job
    OpenGroupQuestions = RecordGroups = _no_invitation
