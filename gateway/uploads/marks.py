"""`PUT /v1/upload-link/uploads/{id}/marks`: what a candidate's page notes while it records."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from gateway.access.admission import OpenedDep
from gateway.access.scopes import RESUMABLE
from gateway.consents.asked import Asked, asked_of
from gateway.consents.schemas import Receipt
from gateway.consents.texts import named_signals
from gateway.dependencies import PartsDep
from gateway.schemas import ErrorBody
from gateway.uploads.record import Upload
from gateway.uploads.schemas import PageNotes
from servicekit.errors import field_invalid

_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 401, 404, 409)}
router = APIRouter(tags=["Candidates' links (v1)"], responses=_REFUSED)


@router.put(f"{RESUMABLE[1]}/{{upload_id}}/marks", summary="Note pauses and signals of a recording", status_code=204)
async def note(upload_id: str, body: PageNotes, parts: PartsDep, found: OpenedDep) -> None:
    """All that the page has noted of the recording so far, in place of what it said before.

    Pauses where the question allows them; signals where the link wants them and the candidate has agreed to a text that
    names them: others are not kept.
    """
    invitation, _ = found
    upload = await parts.uploads.get(upload_id, f"link:{invitation.session_id}")
    asked = await asked_of(invitation, parts)
    _check_pauses(body, upload, asked)
    receipt = await parts.consents.find(invitation.session_id)
    await parts.uploads.note(upload, agreed(body, asked, receipt))


def agreed(notes: PageNotes, asked: Asked, receipt: Receipt | None) -> PageNotes:
    """The notes without signals that were not wanted, or of which the candidate was not told."""
    told = named_signals(receipt.information.text, receipt.information.language) if receipt is not None else ()
    may = [signal for signal in asked.signals if signal in told]
    measured = [signal for signal in notes.measured if signal in may]
    return PageNotes(
        marks=[mark for mark in notes.marks if mark.kind == "pause" or mark.kind in measured],
        measured=measured,
        not_measured=[signal for signal in asked.signals if signal not in measured],
    )


def _check_pauses(notes: PageNotes, upload: Upload, asked: Asked) -> None:
    pauses = sum(mark.kind == "pause" for mark in notes.marks)
    known = upload.question is not None and upload.question < len(asked.questions)
    allowed = asked.questions[upload.question].pauses if known and upload.question is not None else 0
    if pauses > allowed:
        raise field_invalid("marks", f"has {pauses} pauses; this question allows {allowed}")
