"""Organisations, members, keys."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.schemas import Body

Role = Literal["admin", "recruiter", "reviewer", "auditor"]
Scope = Literal["submit", "read", "review", "audit", "admin"]


class Organisation(Body):
    """The organisation of whoever asks."""

    organisation_id: str = Field(examples=["default"])
    name: str = Field(examples=["Default"])


class NewMember(Body):
    """Somebody who may sign in."""

    email: str = Field(min_length=3, max_length=254, examples=["rina@example.org"])
    """As the sign-in server knows it, which must have verified it."""
    name: str = Field(default="", max_length=100)
    role: Role


class NewRole(Body):
    """What a member may do from now on."""

    role: Role


class Member(Body):
    """A person in the organisation."""

    member_id: str
    email: str
    """Empty for people whose role the sign-in server says."""
    name: str
    role: Role
    create_time: datetime
    sign_in_time: datetime | None
    """When they signed in last; null: never."""


class Members(Body):
    """Everybody in the organisation, by e-mail address."""

    members: list[Member]


class NewKey(Body):
    """A key for a program, or for a person without an account."""

    name: str = Field(min_length=1, max_length=100)
    scopes: list[Scope] = Field(min_length=1, max_length=5)
    expire_days: int = Field(default=0, ge=0, le=3650)
    """Days until it ends by itself; 0: never."""


class Key(Body):
    """A key, without its secret."""

    key_id: str
    name: str
    scopes: list[Scope]
    create_time: datetime
    expire_time: datetime | None
    revoke_time: datetime | None


class MadeKey(Key):
    """A new key."""

    secret: str
    """Told here and never again."""


class Keys(Body):
    """The organisation's keys, oldest first."""

    keys: list[Key]
