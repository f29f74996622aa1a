"""Signing in."""

from __future__ import annotations

from pydantic import Field, SecretStr

from gateway.schemas import Body


class SignIn(Body):
    """An API key, as `interview keys create` told it."""

    key: SecretStr = Field(min_length=1, max_length=200)


class Me(Body):
    """Who asks and what they may do."""

    sign_in: bool
    """Whether this gateway wants people to sign in."""
    name: str
    """Empty without sign-in."""
    scopes: list[str]
