"""`/v1/sessions/{session_id}/answers` and `/findings`: a session's result in parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.answers.interim import so_far
from gateway.answers.schemas import Answers, AssessedAnswer, Findings
from gateway.answers.wire import assessed_answer, finding_body
from gateway.dependencies import Parts, PartsDep
from gateway.errors import answer_not_found, no_result
from gateway.published import Result, Severity
from gateway.schemas import MAX_INDEX, ErrorBody
from gateway.sessions.wire import answer_body

router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["Sessions (v1)"], responses={404: {"model": ErrorBody}})


@router.get("/answers", summary="Answers of a session")
async def list_answers(session_id: str, request: Request, parts: PartsDep) -> Answers:
    """Every answer with the state of its stages, what is known so far, and, once it is published, its result."""
    session = await parts.sessions.get(session_id)
    return Answers(answers=await _answers(session, session.answers, request, parts))


@router.get("/answers/{index}", summary="One answer")
async def get_answer(
    session_id: str,
    index: Annotated[int, Path(ge=0, le=MAX_INDEX, description="Place of the answer in the session, from 0.")],
    request: Request,
    parts: PartsDep,
) -> AssessedAnswer:
    """An answer with the state of its stages, what is known so far, and, once it is published, its result."""
    session = await parts.sessions.get(session_id)
    if index >= len(session.answers):
        raise answer_not_found()
    return (await _answers(session, [session.answers[index]], request, parts))[0]


@router.get("/findings", summary="Findings of a session", responses={400: {"model": ErrorBody}})
async def list_findings(
    session_id: str,
    request: Request,
    parts: PartsDep,
    severity: Annotated[Severity | Literal[""], Query(description="Only such findings.")] = "",
    type: Annotated[str, Query(max_length=64, description="Only findings of this type, as `looking_away`.")] = "",
) -> Findings:
    """The moments of all answers that a person should look at, each with an innocent explanation."""
    session = await parts.sessions.get(session_id)
    if (result := await _result(session, parts)) is None:
        raise no_result()
    artefacts_url = _artefacts_url(session_id, request, parts)
    wanted = [
        finding_body(index, finding, artefacts_url)
        for index, finding in Result.model_validate(result).findings()
        if severity in ("", finding.severity) and type in ("", finding.type)
    ]
    return Findings(findings=sorted(wanted, key=lambda finding: (finding.answer_index, finding.start_s)))


async def _answers(
    session: pb.Session, wanted: Sequence[pb.Answer], request: Request, parts: Parts
) -> list[AssessedAnswer]:
    result, url = await _result(session, parts), _artefacts_url(session.session_id, request, parts)
    early = [None if result else await so_far(parts.store, session.session_id, answer, url) for answer in wanted]
    return [assessed_answer(answer_body(a), result, known) for a, known in zip(wanted, early, strict=True)]


def _artefacts_url(session_id: str, request: Request, parts: Parts) -> str:
    return f"{parts.base_url(request)}/v1/sessions/{session_id}/artefacts"


async def _result(session: pb.Session, parts: Parts) -> dict[str, Any] | None:
    if not session.result.uri:
        return None
    found: dict[str, Any] = json.loads(await parts.store.read(session.result.uri))
    return found
