"""What is laid before a candidate under a link."""

from __future__ import annotations

from dataclasses import replace

from gateway.consents.asked import Asked
from gateway.consents.schemas import Text
from gateway.consents.texts import JOBS_OWN, ConsentText, Noted, Offered, offered
from gateway.dependencies import Parts
from servicekit.wire import seconds

DAY_S = 86_400.0


async def laid_before(parts: Parts, language: str, asked: Asked) -> Offered:
    """What candidates of this gateway are told and asked; they agree to the job's own text where it has one.

    How long results are kept and whether voices and faces are compared is asked of who does it.
    """
    known = await parts.sessions.policies()
    followed = [p for p in known.policies if (p.name == asked.policy if asked.policy else p.is_default)]
    compared = all(policy.biometric_comparison for policy in followed)  # unknown: rather said than not
    kept_days = seconds(known.retention) / DAY_S
    noted = Noted(any(question.pauses for question in asked.questions), asked.signals)
    found = offered(language, kept_days, parts.settings.candidate_contact, compared, noted)
    if not asked.consent_text:
        return found
    return replace(found, consent=ConsentText(asked.consent_text, asked.language, JOBS_OWN))


def shown(text: ConsentText) -> Text:
    """A text with its hash."""
    return Text(text=text.text, language=text.language, version=text.version, sha256=text.sha256)
