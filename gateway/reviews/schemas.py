"""Decisions, objections and the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.schemas import MAX_INDEX, Body


class Override(Body):
    """A figure or finding of the assessment that a person sees differently."""

    answer_index: int = Field(ge=0, le=MAX_INDEX)
    """Place of the answer in the session, from 0."""
    kind: Literal["finding_dismissed", "score", "verdict"]
    target: str = Field(default="", max_length=200, examples=["second_voice@12.3"])
    """The finding's type and start, or the criterion; empty for a verdict."""
    value: str = Field(default="", max_length=200)
    """What holds instead: a score 0 to 100, a verdict, or empty for a finding that is dismissed."""
    reason: str = Field(min_length=1, max_length=1000)


class NewReview(Body):
    """A person's decision. They must have opened the evidence of every answer."""

    reviewer: str = Field(min_length=1, max_length=200, examples=["Rina Wulandari"])
    """Name of the person who decides."""
    decision: Literal["pass", "consider", "fail"]
    reason: str = Field(min_length=1, max_length=4000)
    overrides: list[Override] = Field(default=[], max_length=200)


class Review(NewReview):
    """A decision as recorded."""

    create_time: datetime | None
    proposal: str
    """What had been proposed: `pass`, `consider`, `fail` or `insufficient`."""
    result_sha256: str
    """Of the result that the person decided on."""


class Contest(Body):
    """A candidate's objection to a decision."""

    actor: str = Field(min_length=1, max_length=200)
    """Name of the person who records it: the candidate, or who speaks for them."""
    objection: str = Field(min_length=1, max_length=4000)


class AuditEntry(Body):
    """Something that was done to a session or seen of it."""

    time: datetime | None
    actor: str
    """A person's name, or `system`."""
    action: str = Field(examples=["evidence_opened"])
    """`submitted`, `published`, `evidence_opened`, `decided`, `contested`, `cancelled`, `retried`, `shortlisted`,
    `unlisted`, `commented`, `comment_deleted`, `rated`, `letter_drafted`, `letter_edited` or `letter_sent`."""
    answer_index: int | None
    details: str


class Audit(Body):
    """What was done to a session, and every decision, in order of time."""

    entries: list[AuditEntry]
    reviews: list[Review]
