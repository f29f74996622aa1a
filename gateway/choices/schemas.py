"""Policies and rubrics."""

from __future__ import annotations

from pydantic import Field

from gateway.schemas import Body


class Policy(Body):
    """How measurements become a proposal, and what may be measured."""

    name: str = Field(examples=["default"])
    description: str
    requires_consent: bool
    """Whether an upload needs `consent_reference`."""
    non_verbal: bool
    """Whether expression and gaze measures are taken."""
    biometric_comparison: bool
    """Whether faces and voices of a session's answers are compared."""
    translation: str = Field(examples=["after_result"])
    """When answers are translated: `after_result`, `on_demand` or `never`."""
    blind_review: bool
    """Whether reviewers rate sessions by themselves before they see others' scorecards and what the machine made."""
    keep_recordings: str = Field(examples=["until_processed"])
    """Until when recordings can be played: `until_processed` (not at all), `until_decided` or `days`."""
    keep_recordings_days: float | None
    """For how many days after the result, where it says `days`; otherwise null."""
    sha256: str
    is_default: bool


class Policies(Body):
    """The policies, by name."""

    policies: list[Policy]


class RubricCriterion(Body):
    """One criterion of a rubric."""

    name: str = Field(examples=["relevance"])
    weight: float
    """Its share of the total, 0 to 1."""


class Rubric(Body):
    """What answers are rated by."""

    name: str = Field(examples=["software"])
    role: str
    """The role that it is for."""
    criteria: list[RubricCriterion]
    sha256: str
    is_default: bool


class Rubrics(Body):
    """The rubrics, by name."""

    rubrics: list[Rubric]
