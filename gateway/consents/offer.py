"""What is laid before a candidate under a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.consents.asked import Asked
from gateway.consents.schemas import Text
from gateway.consents.texts import JOBS_OWN, ConsentText, Noted, Offered, Played, offered
from gateway.dependencies import Parts
from servicekit.wire import seconds

DAY_S = 86_400.0


async def laid_before(parts: Parts, language: str, asked: Asked) -> Offered:
    """What candidates of this gateway are told and asked; they agree to the job's own text where it has one.

    How long results and recordings are kept and whether voices and faces are compared is asked of who does it.
    """
    known = await parts.sessions.policies()
    followed = [p for p in known.policies if (p.name == asked.policy if asked.policy else p.is_default)]
    compared = all(policy.biometric_comparison for policy in followed)  # unknown: rather said than not
    kept_days = seconds(known.retention) / DAY_S
    played, noted = _played(followed), Noted(any(question.pauses for question in asked.questions), asked.signals)
    found = offered(language, kept_days, parts.settings.candidate_contact, compared, played, noted)
    if not asked.consent_text:
        return found
    return replace(found, consent=ConsentText(asked.consent_text, asked.language, JOBS_OWN))


def _played(policies: Sequence[pb.Policy]) -> Played | None:
    """Whether recordings are kept to be played, and how long; None where they are not."""
    keeping = [policy for policy in policies if policy.keep_recordings not in ("", "until_processed")]
    if not keeping:
        return None
    return Played(keeping[0].keep_recordings_days if keeping[0].HasField("keep_recordings_days") else None)


def shown(text: ConsentText) -> Text:
    """A text with its hash."""
    return Text(text=text.text, language=text.language, version=text.version, sha256=text.sha256)
