"""Signing in."""

from __future__ import annotations

from pydantic import Field, SecretStr

from gateway.schemas import Body


class SignIn(Body):
    """An API key, as `interview keys create` told it."""

    key: SecretStr = Field(min_length=1, max_length=200)


class Place(Body):
    """An organisation."""

    organisation_id: str
    name: str


class Choice(Body):
    """The organisation to act for from now on."""

    organisation_id: str = Field(max_length=32, examples=["acme"])


class Me(Body):
    """Who asks and what they may do."""

    sign_in: bool
    """Whether this gateway wants people to sign in."""
    name: str
    """Empty without sign-in."""
    scopes: list[str]
    organisation: str
    """Id of the organisation that they act for."""
    organisations: list[Place]
    """Those that they may choose among (`POST /v1/me/organisation`, header `Interview-Organisation`), by name; empty:
    there is nothing to choose."""


class Ways(Body):
    """How one can sign in; a key is always one way."""

    oidc: bool
    """By the company's own sign-in server: `/v1/sign-in/oidc`."""


class SignedOut(Body):
    """The browser is signed out here."""

    location: str
    """Where it goes to sign out at the sign-in server too; empty: nowhere."""
