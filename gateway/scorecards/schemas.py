"""Scorecards."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.schemas import MAX_INDEX, Body


class Rating(Body):
    """How a person rates one answer by one criterion."""

    answer_index: int = Field(ge=0, le=MAX_INDEX)
    """Place of the answer in the session, from 0."""
    criterion: str = Field(min_length=1, max_length=64, examples=["relevance"])
    """Of the rubric that the answer is rated by."""
    rating: int = Field(ge=1, le=5)
    """From 1 (poor) to 5 (very good)."""


class NewScorecard(Body):
    """How a person rates a session: every criterion of every answer that could be used. It stays as it is."""

    ratings: list[Rating] = Field(min_length=1, max_length=1000)
    recommendation: Literal["pass", "consider", "fail"]
    """It decides nothing: a review does."""
    reason: str = Field(min_length=1, max_length=4000)


class Scorecard(NewScorecard):
    """A scorecard as recorded."""

    author: str
    create_time: datetime


class Agreement(Body):
    """How far ratings from 1 to 5 agree."""

    compared: int
    """How many pairs of ratings of the same criterion of the same answer there are."""
    same: int
    """In how many both are the same."""
    near: int
    """In how many they are one step apart at most, the same ones included."""


class Scorecards(Body):
    """The scorecards of a session, oldest first, and how far they agree; empty until who asks has rated it."""

    rate_first: bool
    """Whether who asks has to rate the session before they see anything that was made of it."""
    rated: bool
    """Whether who asks has rated it."""
    scorecards: list[Scorecard]
    people: Agreement
    """Every two people."""
    machine: Agreement
    """Every person and the machine, whose scores of 100 are read as the nearest of 1 to 5."""
