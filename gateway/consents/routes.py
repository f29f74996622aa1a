"""`/v1/upload-link/consent`: a candidate's own act, before anything is recorded."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter

from gateway.access.admission import OpenedDep
from gateway.consents.asked import asked_of
from gateway.consents.offer import laid_before, shown
from gateway.consents.schemas import GivenConsent, Receipt
from gateway.dependencies import PartsDep
from gateway.errors import consent_changed, link_refused
from gateway.schemas import ErrorBody

router = APIRouter(prefix="/v1", tags=["Candidates' links (v1)"], responses={400: {"model": ErrorBody}})


@router.post(
    "/upload-link/consent",
    summary="Agree under a link",
    status_code=201,
    responses={code: {"model": ErrorBody} for code in (401, 409)},
)
async def agree(body: GivenConsent, parts: PartsDep, found: OpenedDep) -> Receipt:
    """Record that the candidate has read and agreed, in which words and when. The answer is their receipt."""
    invitation, ends = found
    if await parts.sessions.exists(invitation.session_id):
        raise link_refused("The recordings have already been submitted. Thank you.")
    asked = await asked_of(invitation, parts)
    texts = await laid_before(parts, body.language, asked)
    if (texts.consent.sha256, texts.information.sha256) != (body.consent_sha256, body.information_sha256):
        raise consent_changed()
    receipt = Receipt(
        session_id=invitation.session_id,
        candidate_name=asked.candidate_name,
        create_time=datetime.now(UTC).replace(microsecond=0),
        expire_time=ends,
        information=shown(texts.information),
        consent=shown(texts.consent),
        pledge=texts.pledge,
    )
    await parts.consents.keep(receipt)
    return receipt
