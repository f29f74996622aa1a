"""`/v1/jobs/{job_id}/group-questions` and `/impact`: what a job asks, and how groups fare in it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from gateway.access.principal import Principal
from gateway.dependencies import Parts, PartsDep, PrincipalDep
from gateway.impact.printout import pdf
from gateway.impact.schemas import GroupQuestions, Report
from gateway.impact.spreadsheet import written
from gateway.impact.wire import questions_body, questions_message, report_body
from gateway.schemas import ErrorBody

_MISSING: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 404)}
router = APIRouter(prefix="/v1/jobs/{job_id}", tags=["Adverse impact (v1)"], responses=_MISSING)
Language = Annotated[Literal["en", "id"], Query(description="Of headings and groups.")]
_printing = asyncio.Semaphore(1)


@router.get("/group-questions", summary="What a job asks of its candidates' groups")
async def get_questions(job_id: str, parts: PartsDep, principal: PrincipalDep) -> GroupQuestions:
    """Nothing unless it was set."""
    return questions_body(await parts.impact.questions(job_id, parts.guard.own(principal)))


@router.put("/group-questions", summary="Set what a job asks of its candidates' groups")
async def set_questions(job_id: str, body: GroupQuestions, parts: PartsDep, principal: PrincipalDep) -> GroupQuestions:
    """Candidates may answer under their link, or not. With nothing the job asks no more, and answers are deleted."""
    asked = questions_message(job_id, parts.guard.own(principal), body)
    return questions_body(await parts.impact.ask(asked))


@router.get("/impact", summary="How groups fare in a job")
async def impact(job_id: str, parts: PartsDep, principal: PrincipalDep) -> Report:
    """Selection and scoring rates by group, impact ratios, and whether chance explains the difference."""
    return await _report(job_id, parts, principal)


@router.get(
    "/impact.csv",
    summary="The same as a table",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
async def impact_csv(job_id: str, parts: PartsDep, principal: PrincipalDep, language: Language = "en") -> Response:
    """One line for each group and measure."""
    report = await _report(job_id, parts, principal)
    return _file(written(report, language).encode(), "text/csv; charset=utf-8", f"impact-{job_id[:8]}.csv")


@router.get(
    "/impact.pdf",
    summary="The same to publish",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def impact_pdf(job_id: str, parts: PartsDep, principal: PrincipalDep, language: Language = "en") -> Response:
    """Tables in the form that New York City's rules on automated employment decision tools ask to be published."""
    report = await _report(job_id, parts, principal)
    async with _printing:
        content = await asyncio.to_thread(pdf, report, language)
    return _file(content, "application/pdf", f"impact-{job_id[:8]}.pdf")


async def _report(job_id: str, parts: Parts, principal: Principal) -> Report:
    return report_body(await parts.impact.report(job_id, parts.guard.own(principal)))


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
