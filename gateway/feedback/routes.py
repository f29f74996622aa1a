"""`/v1/upload-link/feedback`: a candidate reads their letter, and objects, under their own link."""

from __future__ import annotations

from fastapi import APIRouter
from interview.letters.v1 import letters_service_pb2 as letters_pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.access.admission import InvitationDep
from gateway.access.invitation import Invitation
from gateway.dependencies import Parts, PartsDep
from gateway.errors import link_refused
from gateway.feedback.schemas import Feedback, Objection, SentLetter
from gateway.schemas import ErrorBody
from gateway.wire import body
from servicekit.enums import short_name

router = APIRouter(
    prefix="/v1/upload-link",
    tags=["Candidates' links (v1)"],
    responses={code: {"model": ErrorBody} for code in (400, 401)},
)


@router.get("/feedback", summary="What became of one's answers")
async def feedback(parts: PartsDep, invitation: InvitationDep) -> Feedback:
    """The letter that was sent, and where one's objection stands; as long as the session is kept, after the link's end
    too.
    """
    return await _shown(await _session(invitation, parts), parts)


@router.post("/objection", summary="Object to a decision", status_code=201)
async def object_to(given: Objection, parts: PartsDep, invitation: InvitationDep) -> Feedback:
    """Opens the decision again: a person looks at everything once more and decides anew."""
    session = await _session(invitation, parts)
    session_id, name = session.session_id, session.candidate_name
    return await _shown(await parts.sessions.contest_review(session_id, name, given.objection, by_link=True), parts)


async def _session(invitation: Invitation, parts: Parts) -> pb.Session:
    """What was handed in under the link. Raises LINK_REFUSED."""
    session = await parts.sessions.find(invitation.session_id)
    if session is None:
        raise link_refused("Nothing is kept under this link: nothing was submitted yet, or it was deleted.")
    return session


async def _shown(session: pb.Session, parts: Parts) -> Feedback:
    letter = await parts.letters.find(session.session_id)
    sent = letter if letter is not None and letter.state == letters_pb.LETTER_STATE_SENT else None
    state = short_name(pb.ReviewState.DESCRIPTOR, session.review_state).lower()
    return body(
        Feedback,
        session,
        language=session.language_code,
        letter=body(SentLetter, sent, language=sent.language_code) if sent else None,
        state=state if state in ("decided", "contested") else "open",
        objection=session.objection if session.objected_by_link else "",
    )
