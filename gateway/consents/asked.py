"""What the candidate of a link is asked: by the link itself, or by the job that it invites to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.access.invitation import Invitation
from gateway.consents.schemas import AskedQuestion
from gateway.dependencies import Parts
from gateway.signals import Signal, known_signals
from gateway.wire import body


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom, what, in which language, and what they agree to."""

    candidate_name: str
    language: str
    questions: Sequence[AskedQuestion]
    policy: str = ""
    """Empty: the default one."""
    title: str = ""
    consent_text: str = ""
    """The job's own; empty: the standard one."""
    consent_reference: str = ""
    """What the recruiter wrote of a consent that was given elsewhere."""
    audio_only: bool = False
    signals: Sequence[Signal] = ()
    """What the page notes while it records."""


async def asked_of(invitation: Invitation, parts: Parts) -> Asked:
    """What is asked. Of a job it stays so from the first time that the candidate sees it."""
    if not invitation.job_id:
        questions = [AskedQuestion(text=question, pauses=invitation.pauses) for question in invitation.questions]
        return Asked(
            candidate_name=invitation.candidate_name,
            language=invitation.language,
            questions=questions,
            policy=invitation.policy,
            consent_reference=invitation.consent_reference,
            audio_only=invitation.audio_only,
            signals=known_signals(invitation.signals),
        )
    found = await parts.jobs.open(invitation.session_id)
    content = found.job.content
    return Asked(
        candidate_name=found.invitation.candidate_name,
        language=content.language_code,
        questions=[body(AskedQuestion, question) for question in content.questions],
        policy=content.policy,
        title=found.job.title,
        consent_text=content.consent_text,
        audio_only=content.audio_only,
        signals=known_signals(content.signals),
    )
