"""`/v1/deliveries`: what became of webhooks, and sending them again."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.deliveries.schemas import Delivery, DeliveryPage
from gateway.dependencies import PartsDep, PrincipalDep
from gateway.schemas import ErrorBody
from gateway.wire import body
from servicekit.enums import number_of

_REFUSED: dict[int | str, dict[str, Any]] = {400: {"model": ErrorBody}}
router = APIRouter(prefix="/v1", tags=["Webhooks (v1)"], responses=_REFUSED)


@router.get("/deliveries", summary="List deliveries of webhooks")
async def list_deliveries(
    parts: PartsDep,
    principal: PrincipalDep,
    session_id: Annotated[str, Query(max_length=32, description="Only about this session or invitation.")] = "",
    job_id: Annotated[str, Query(max_length=32, description="Only about this job.")] = "",
    state: Annotated[
        Literal["pending", "delivered", "failed"] | Literal[""], Query(description="Only in this state.")
    ] = "",
    page_size: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    page_token: Annotated[str, Query(max_length=500, description="`next_page_token` of the page before.")] = "",
) -> DeliveryPage:
    """Of the last 30 days, newest first."""
    request = pb.ListDeliveriesRequest(
        session_id=session_id,
        job_id=job_id,
        state=number_of(pb.DeliveryState.DESCRIPTOR, state) if state else 0,  # type: ignore[arg-type]
        page_size=page_size,
        page_token=page_token,
        owner=parts.guard.own(principal),
    )
    return body(DeliveryPage, await parts.sessions.deliveries(request))


@router.post(
    "/deliveries/{delivery_id}:resend",
    summary="Send a webhook again",
    responses={404: {"model": ErrorBody}},
)
async def resend_delivery(delivery_id: str, parts: PartsDep, principal: PrincipalDep) -> Delivery:
    """The same body with a new signature, whatever became of it before."""
    request = pb.ResendDeliveryRequest(delivery_id=delivery_id, owner=parts.guard.own(principal))
    return body(Delivery, await parts.sessions.resend_delivery(request))
