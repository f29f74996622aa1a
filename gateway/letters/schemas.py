"""Letters to candidates."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.schemas import Body

MAX_TEXT, MAX_REVISION = 20_000, 1_000_000


class NewLetter(Body):
    """What to compose."""

    language: Literal["", "en", "id"] = ""
    """Empty: the language that the candidate was invited in, else the session's."""
    author: str = Field(default="", max_length=200, examples=["Rina Wulandari"])
    """Name of the person who signs; with sign-in it is theirs."""
    name_points: bool = False
    """Whether to name points of the model answer that were not taken up: whoever reads the letter knows them then."""


class LetterText(Body):
    """What a person made of a letter."""

    text: str = Field(min_length=1, max_length=MAX_TEXT)
    revision: int = Field(ge=1, le=MAX_REVISION)
    """The one that they have read."""
    author: str = Field(default="", max_length=200)
    """Name of the person; with sign-in it is theirs."""


class Sending(Body):
    """How a letter is sent."""

    way: Literal["mail", "by_hand"]
    """By mail from here, or by hand: the person passes it on."""
    revision: int = Field(ge=1, le=MAX_REVISION)
    """The one that they have read."""
    email: str = Field(default="", max_length=254)
    """Where to, by mail; empty: to the address of the invitation. It is not kept."""
    sender: str = Field(default="", max_length=200)
    """Name of the person; with sign-in it is theirs."""


class Letter(Body):
    """A letter to a candidate. It holds no score, nothing of faces and voices, and no sign of help."""

    session_id: str
    language: str = Field(examples=["id"])
    text: str
    state: str = Field(examples=["draft"])
    """`draft` as it was composed, `edited` as a person made it, `sent` for good."""
    revision: int
    """Grows with each change."""
    author: str
    """Name of the person who drafted or changed it last."""
    create_time: datetime | None
    update_time: datetime | None
    sender: str
    """Name of the person who sent it; empty: nobody has."""
    send_time: datetime | None
    way: Literal["", "mail", "by_hand"]
    unfounded_quotes: list[str]
    """Quotes in the text that stand in no transcript of the session."""
    under_link: bool
    """Whether the candidate can read it under their link once it is sent."""
    email: str
    """Address of the candidate's invitation; empty where there is none."""
    mail: bool
    """Whether this server sends mail."""
