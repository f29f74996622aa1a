"""`/v1/upload-link/groups`: what a candidate says of themselves, of their own accord and under their own link.

Nothing here tells what they have said: recruiters can open the link too.
"""

from __future__ import annotations

from fastapi import APIRouter

from gateway.access.admission import InvitationDep
from gateway.access.invitation import Invitation
from gateway.dependencies import PartsDep
from gateway.errors import link_refused
from gateway.impact.schemas import GivenGroups, GroupsKept, OpenedGroupQuestions
from gateway.impact.wire import groups_message, questions_body
from gateway.schemas import ErrorBody

router = APIRouter(
    prefix="/v1/upload-link/groups",
    tags=["Candidates' links (v1)"],
    responses={code: {"model": ErrorBody} for code in (400, 401)},
)


@router.get("", summary="What is asked under a link of a candidate's groups")
async def open_questions(parts: PartsDep, invitation: InvitationDep) -> OpenedGroupQuestions:
    """Nothing, unless the job asks; answering is voluntary, and reviewers never see it."""
    if not invitation.job_id:
        return OpenedGroupQuestions(characteristics=[], answered=False)
    found = await parts.impact.opened(invitation.session_id)
    asked = questions_body(found.characteristics).characteristics
    return OpenedGroupQuestions(characteristics=asked, answered=found.answered)


@router.put("", summary="Say under a link which groups one belongs to")
async def give(body: GivenGroups, parts: PartsDep, invitation: InvitationDep) -> GroupsKept:
    """Before or after the hand-in, and again: the last answers stand. They are used in counts only."""
    _check_job(invitation)
    return GroupsKept(answered=await parts.impact.record(groups_message(invitation.session_id, body)))


@router.delete("", summary="Take back under a link what was said of one's groups")
async def take_back(parts: PartsDep, invitation: InvitationDep) -> GroupsKept:
    """They are deleted."""
    _check_job(invitation)
    return GroupsKept(answered=await parts.impact.record(groups_message(invitation.session_id, GivenGroups())))


def _check_job(invitation: Invitation) -> None:
    if not invitation.job_id:
        raise link_refused("Nothing of this kind is asked under this link.")
