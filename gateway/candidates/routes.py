"""`/v1/jobs/{job_id}/candidates`: those who have handed in, sorted and filtered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from interview.jobs.v1 import jobs_service_pb2 as pb
from pydantic import AwareDatetime

from gateway.candidates.schemas import CandidatePage, Decision, Findings, Order, Outcome
from gateway.candidates.wire import page_body
from gateway.dependencies import PartsDep, PrincipalDep
from gateway.schemas import ErrorBody
from servicekit.enums import number_of
from servicekit.wire import timestamp

_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 404)}
router = APIRouter(prefix="/v1/jobs/{job_id}/candidates", tags=["Candidates (v1)"], responses=_REFUSED)


def _figures(
    outcome: Annotated[Outcome | Literal[""], Query(description="Only with this proposal.")] = "",
    decision: Annotated[Decision | Literal[""], Query(description="Only whose decision stands so.")] = "",
    findings: Annotated[
        Findings | Literal[""],
        Query(description="`none`: nothing to review; `review`: something to review or serious; `serious`."),
    ] = "",
    least_total: Annotated[float | None, Query(ge=0, le=100, description="Only with at least this total.")] = None,
    most_total: Annotated[float | None, Query(ge=0, le=100, description="Only with at most this total.")] = None,
) -> pb.ListCandidatesRequest:
    return pb.ListCandidatesRequest(
        outcome=_number(pb.Outcome, outcome),
        decision=_number(pb.CandidateDecision, decision),
        findings=_number(pb.CandidateFindings, findings),
        least_total=least_total,
        most_total=most_total,
    )


def _order(
    order: Annotated[Order, Query(description="Those that have none of it come last.")] = "created",
    descending: Annotated[bool, Query(description="The largest or latest first.")] = True,
) -> pb.ListCandidatesRequest:
    return pb.ListCandidatesRequest(order=_number(pb.CandidateOrder, order), descending=descending)


@router.get("", summary="List a job's candidates")
async def list_candidates(
    job_id: str,
    parts: PartsDep,
    principal: PrincipalDep,
    figures: Annotated[pb.ListCandidatesRequest, Depends(_figures)],
    order: Annotated[pb.ListCandidatesRequest, Depends(_order)],
    q: Annotated[str, Query(max_length=200, description="Part of the name.")] = "",
    shortlisted: Annotated[bool, Query(description="Only those on the shortlist.")] = False,
    created_after: Annotated[AwareDatetime | None, Query(description="Only who handed in then or later.")] = None,
    created_before: Annotated[AwareDatetime | None, Query(description="Only who handed in before.")] = None,
    page_size: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    page_token: Annotated[str, Query(max_length=2000, description="`next_page_token` of the page before.")] = "",
) -> CandidatePage:
    """Who has handed in, with proposal, total, findings and decision, and how the totals of all that fit spread."""
    request = pb.ListCandidatesRequest(
        job_id=job_id,
        query=q,
        shortlisted=shortlisted,
        created_after=timestamp(created_after),
        created_before=timestamp(created_before),
        page_size=page_size,
        page_token=page_token,
        owner=parts.guard.own(principal),
        viewer_id=parts.guard.rater(principal),
    )
    request.MergeFrom(figures)
    request.MergeFrom(order)
    return page_body(await parts.jobs.candidates(request))


def _number(enum: Any, name: str) -> Any:
    return number_of(enum.DESCRIPTOR, name) if name else 0
