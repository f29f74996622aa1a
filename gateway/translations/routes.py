"""`POST /v1/sessions/{session_id}/answers/{index}/translation`: an answer in the other language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.dependencies import PartsDep
from gateway.published import Result
from gateway.schemas import MAX_INDEX, ErrorBody
from gateway.translations.schemas import Translation
from gateway.translations.wire import translation_body

router = APIRouter(tags=["Sessions (v1)"])


@router.post(
    "/v1/sessions/{session_id}/answers/{index}/translation",
    summary="Translate an answer",
    responses={
        202: {"model": Translation, "description": "It is on its way: ask again, or follow `/events`."},
        **{code: {"model": ErrorBody} for code in (400, 404, 409)},
    },
)
async def translate(
    session_id: str,
    index: Annotated[int, Path(ge=0, le=MAX_INDEX, description="Place of the answer in the session, from 0.")],
    response: Response,
    parts: PartsDep,
) -> Translation:
    """The translation if it is there. Otherwise it is made, once however often it is asked for, and the result is
    published again with it. One that has failed is tried again.
    """
    session = await parts.sessions.translate(session_id, index)
    result = Result.model_validate_json(await parts.store.read(session.result.uri))
    found = translation_body(_stage(session, index), result.content[index].result)
    response.status_code = 200 if found.state == "completed" else 202
    return found


def _stage(session: pb.Session, index: int) -> pb.Stage:
    return next(stage for stage in session.answers[index].stages if stage.name == "translate")
