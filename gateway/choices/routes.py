"""What an upload can choose: policies and rubrics."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.choices.schemas import Policies, Rubrics
from gateway.choices.wire import policy_body, rubric_body
from gateway.dependencies import PartsDep
from gateway.schemas import ErrorBody

router = APIRouter(prefix="/v1", tags=["Choices (v1)"], responses={503: {"model": ErrorBody}})


@router.get("/policies", summary="Policies that an upload can name")
async def list_policies(parts: PartsDep) -> Policies:
    """How measurements become a proposal, and what may be measured, by name."""
    return Policies(policies=[policy_body(p) for p in (await parts.sessions.policies()).policies])


@router.get("/rubrics", summary="Rubrics that an upload can name")
async def list_rubrics(parts: PartsDep) -> Rubrics:
    """What answers are rated by, with each criterion's share of the total, by name."""
    return Rubrics(rubrics=[rubric_body(r) for r in await parts.sessions.rubrics()])
