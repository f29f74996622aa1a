"""`/v1/sessions/{session_id}/similar-answers`: nearly the same answer twice, with both quotes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.schemas import ErrorBody
from gateway.similarity.schemas import SimilarAnswers
from gateway.wire import body

_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 404)}
router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["Candidates (v1)"], responses=_REFUSED)


@router.get("/similar-answers", summary="Answers that are nearly another candidate's")
async def similar_answers(session_id: str, parts: PartsDep, principal: PrincipalDep) -> SimilarAnswers:
    """Of candidates of the same job to the same question, with both quotes, where you may see both sessions."""
    request = pb.ListSimilarAnswersRequest(
        session_id=session_id, owner=parts.guard.own(principal), viewer_id=parts.guard.rater(principal)
    )
    return body(SimilarAnswers, await parts.sessions.similar_answers(request))
