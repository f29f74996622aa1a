"""What the candidate of a link is asked: by the link itself, or by the job that it invites to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.access.invitation import Invitation
from gateway.dependencies import Parts
from gateway.links.schemas import AskedQuestion, Consent
from gateway.wire import body


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom, what, in which language, and what they agree to."""

    candidate_name: str
    language: str
    questions: Sequence[AskedQuestion]
    title: str = ""
    consent: Consent | None = None
    consent_reference: str = ""


async def asked_of(invitation: Invitation, parts: Parts) -> Asked:
    """What is asked. Of a job it stays so from the first time that the candidate sees it."""
    if not invitation.job_id:
        questions = [AskedQuestion(text=question) for question in invitation.questions]
        reference = invitation.consent_reference
        return Asked(invitation.candidate_name, invitation.language, questions, consent_reference=reference)
    found = await parts.jobs.open(invitation.session_id)
    content = found.job.content
    consent = _consent(content.consent_text, content.language_code)
    return Asked(
        candidate_name=found.invitation.candidate_name,
        language=content.language_code,
        questions=[body(AskedQuestion, question) for question in content.questions],
        title=found.job.title,
        consent=consent,
        consent_reference=f"sha256:{consent.sha256}" if consent else "",
    )


def _consent(text: str, language: str) -> Consent | None:
    if not text:
        return None
    return Consent(text=text, language=language, sha256=hashlib.sha256(text.encode()).hexdigest())
