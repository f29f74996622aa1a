"""Group questions, answers to them, and reports by group."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from gateway.schemas import Body

Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,31}$")]
Title = Annotated[str, Field(max_length=120)]


class Category(Body):
    """A group that somebody may say they belong to."""

    name: Name
    title_en: Title
    title_id: Title


class Characteristic(Body):
    """What people are asked."""

    name: Name = Field(examples=["sex"])
    title_en: Title = ""
    title_id: Title = ""
    categories: list[Category] = Field(default=[], max_length=12)
    """2 to 12. None in a request: those that `sex`, `race_ethnicity` and `age_band` have."""


class GroupQuestions(Body):
    """What a job asks of its candidates' groups; nothing: it does not ask."""

    characteristics: list[Characteristic] = Field(max_length=3)


class OpenedGroupQuestions(GroupQuestions):
    """What a candidate is asked."""

    answered: bool
    """Whether there is an answer; never what it is."""


class GivenGroups(Body):
    """A candidate's own answers; what they prefer not to say is left out, and they can all be."""

    groups: dict[Name, Name] = Field(default={}, max_length=3, examples=[{"sex": "female"}])
    """Categories by characteristic."""


class GroupsKept(Body):
    """Whether there is an answer now."""

    answered: bool


class Rate(Body):
    """A rate, beside the highest one of its table. What is hidden is null."""

    people: int | None
    """Of how many it is known."""
    wanted: int | None
    """How many are selected, proposed or above the median."""
    rate: float | None
    """0 to 1."""
    impact_ratio: float | None
    """This rate by the highest; null for groups of less than 2 % of those who have told."""
    below_four_fifths: bool | None
    fisher_p: float | None
    """Two-sided, of Fisher's exact test against the group with the highest rate."""


class Group(Body):
    """One group."""

    categories: list[str]
    people: int | None
    """Null: hidden."""
    decision: Rate
    """Selected by people's decision: pass."""
    proposal: Rate
    """Proposed by the policy: pass."""
    score: Rate
    """Score above the median of everybody's."""


class Table(Body):
    """Every group of one characteristic, or of two together."""

    characteristics: list[str]
    groups: list[Group]
    unknown: int | None
    """Who has not told; null: hidden."""


class Report(Body):
    """How groups fare in a job. Small groups are hidden, and with them whatever would let them be worked out."""

    job_id: str
    title: str
    create_time: datetime
    """When the figures were counted."""
    kept: bool
    """Whether it is from before candidates of a closed job were deleted."""
    people: int
    """Candidates with a result."""
    disclosed: int | None
    """How many of them have told a group; null: hidden."""
    decided: int
    selected: int
    proposed: int
    scored: int
    hidden_below: int
    """Groups with fewer people are hidden."""
    characteristics: list[Characteristic]
    tables: list[Table]
