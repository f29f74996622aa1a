"""What Greenhouse sends and expects, by its own names for things."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.schemas import Body


class PartnerTest(Body):
    """A job, as a test that can be sent."""

    partner_test_id: str
    partner_test_name: str


class PartnerCandidate(Body):
    """Who is invited. What else Greenhouse says of them is neither needed nor kept."""

    first_name: str = Field(max_length=200)
    last_name: str = Field(max_length=200)
    email: str = Field(min_length=3, max_length=254)


class SendTest(Body):
    """A test to send."""

    partner_test_id: str = Field(max_length=32)
    candidate: PartnerCandidate
    url: str = Field(min_length=1, max_length=2000)
    """Where to tell that the test was completed."""


class SentTest(Body):
    """A test as sent."""

    partner_interview_id: str
    partner_interview_url: str
    """The candidate's own page. Where this server sends no mail, somebody has to pass it on."""


class TestStatus(Body):
    """How far a test is; keys without a value are left out."""

    partner_status: Literal[
        "created", "sent", "opened", "started", "expired", "revoked", "processing", "complete", "failed", "cancelled"
    ]
    partner_profile_url: str | None = None
    """The candidate's page here."""
    partner_score: float | None = None
    """0 to 100, a program's proposal; `metadata` says what it means."""
    metadata: dict[str, str | int | float | bool] | None = None


class ResponseError(Body):
    """An answer of ours that Greenhouse could not read."""

    api_call: str = Field(max_length=64)
    errors: list[str] = Field(max_length=100)
    partner_interview_id: str | int | None = None


class Noted(Body):
    """It was noted."""

    status: Literal[200] = 200
