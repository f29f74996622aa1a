"""What is laid before a candidate under a link."""

from __future__ import annotations

from dataclasses import replace

from gateway.consents.asked import Asked
from gateway.consents.schemas import Text
from gateway.consents.texts import JOBS_OWN, ConsentText, Offered, offered
from gateway.dependencies import Parts


def laid_before(parts: Parts, language: str, asked: Asked) -> Offered:
    """What candidates of this gateway are told and asked; they agree to the job's own text where it has one."""
    found = offered(language, parts.settings.candidate_kept_days, parts.settings.candidate_contact)
    if not asked.consent_text:
        return found
    return replace(found, consent=ConsentText(asked.consent_text, asked.language, JOBS_OWN))


def shown(text: ConsentText) -> Text:
    """A text with its hash."""
    return Text(text=text.text, language=text.language, version=text.version, sha256=text.sha256)
