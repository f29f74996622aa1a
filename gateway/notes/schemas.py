"""The shortlist and comments."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from gateway.schemas import Body


class Shortlisting(Body):
    """Whether a candidate is on the shortlist. It decides nothing."""

    shortlisted: bool
    actor: str = Field(default="", max_length=200, examples=["Rina Wulandari"])
    """Name of the person who says so; with sign-in it is theirs."""


class NewComment(Body):
    """What a person says about a session."""

    text: str = Field(min_length=1, max_length=4000)
    author: str = Field(default="", max_length=200, examples=["Rina Wulandari"])
    """Name of the person; with sign-in it is theirs."""


class Comment(Body):
    """A comment as recorded."""

    comment_id: str
    author: str
    text: str
    create_time: datetime
    deletable: bool
    """Whether who asks may delete it: its author, and whoever has the scope `admin`."""


class Comments(Body):
    """The comments on a session, oldest first."""

    comments: list[Comment]
