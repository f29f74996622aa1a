"""What is laid before a candidate, and the receipt of their consent."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from gateway.schemas import Body

SHA256 = Field(pattern="^[0-9a-f]{64}$")


class Text(Body):
    """A text as it is offered."""

    text: str
    language: str
    version: str
    sha256: str
    """Of `text` in UTF-8, hex."""


class AskedQuestion(Body):
    """A question as a candidate sees it."""

    text: str
    thinking_s: int | None = None
    """Time to think before the recording begins, seconds; null: as long as they like."""
    limit_s: int | None = None
    """Longest answer, seconds; null: as long as it takes."""
    retakes: int | None = None
    """How often the answer may be recorded again; null: as often as they like."""
    pauses: int = 0
    """How often the recording may be paused."""


class GivenConsent(Body):
    """What a candidate agrees to, named by its hash so that nobody agrees to what they have not seen."""

    language: str = Field(max_length=2)
    consent_sha256: str = SHA256
    information_sha256: str = SHA256


class Receipt(Body):
    """A consent as it is kept until the hand-in, and with the session from then on."""

    session_id: str
    """Of the link, and of the session that the recordings become."""
    candidate_name: str
    create_time: datetime
    expire_time: datetime
    """When it is deleted if nothing is handed in: with the link. Afterwards it is deleted with the session."""
    information: Text
    consent: Text
    pledge: str

    @property
    def reference(self) -> str:
        """In one line of at most 200 characters, for the session."""
        when = self.create_time.strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"given by the candidate {when}, {self.consent.language} {self.consent.version}, {self.consent.sha256}"
