"""`/v1/sessions/{session_id}/scorecards`: rate by oneself first, then see how far people and machine agree."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.schemas import ErrorBody
from gateway.scorecards.schemas import NewScorecard, Scorecard, Scorecards
from gateway.wire import body, message

_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 404, 409)}
router = APIRouter(prefix="/v1/sessions/{session_id}/scorecards", tags=["Scorecards (v1)"], responses=_REFUSED)


@router.get("", summary="Scorecards and how far they agree")
async def list_scorecards(session_id: str, parts: PartsDep, principal: PrincipalDep) -> Scorecards:
    """For reviewers once they have rated the session themselves."""
    rater = parts.guard.rater(principal)
    found = await parts.sessions.scorecards(session_id, rater)
    first = bool(rater) and not found.rated and (await parts.sessions.get(session_id)).blind
    return body(Scorecards, found, rate_first=first)


@router.post("", summary="Rate a session", status_code=201)
async def record_scorecard(session_id: str, given: NewScorecard, parts: PartsDep, principal: PrincipalDep) -> Scorecard:
    """One's own scorecard, under the name of who signed in. It stays as it is, and it decides nothing."""
    scorecard = message(pb.Scorecard, given)
    scorecard.author, scorecard.author_id = principal.name, principal.id
    return body(Scorecard, await parts.sessions.record_scorecard(session_id, scorecard))
