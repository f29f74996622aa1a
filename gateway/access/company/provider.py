"""The company's own sign-in server: what it says of itself, its keys, and what its tokens claim."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from typing import Any

import httpx
import jwt

from gateway.errors import token_refused
from servicekit.errors import upstream_down
from servicekit.telemetry.logs import get_logger

log = get_logger()
ALGORITHMS = ("RS256", "ES256")
"""Signatures by a private key only: a token signed with the public key as a password must not pass."""

KEYS_KEPT_S = 3600.0
STALE_KEYS_KEPT_S = 24 * 3600.0
"""How long keys are used while the issuer does not answer: an outage there must not lock everybody out here."""

LEAST_PAUSE_S = 30.0
"""Between two looks at the issuer's keys, whatever tokens claim."""

FIRST_PAUSE_S = 3.0
"""Likewise while no keys are known: nobody can sign in before."""

LEEWAY_S = 30
TIMEOUT_S = 5.0

UNREADABLE = (httpx.HTTPError, httpx.InvalidURL, jwt.PyJWTError, AttributeError, KeyError, TypeError, ValueError)
"""It does not answer, or with something that is no description and no keys."""


class Provider:
    """One issuer. Nothing is asked of it before it is needed."""

    def __init__(self, issuer: str) -> None:
        """The issuer as its tokens name it."""
        self.issuer = issuer
        self._keys: dict[str, Any] = {}
        self._description: Mapping[str, Any] = {}
        self._fetched_at = self._tried_at = -math.inf
        self._fetching = asyncio.Lock()

    async def description(self) -> Mapping[str, Any]:
        """Where it signs people in and out (OpenID Connect Discovery 4.2). Raises UPSTREAM_DOWN."""
        async with self._fetching:
            await self._refresh(due=not self._description)
        if not self._description:
            raise upstream_down("The sign-in server")
        return self._description

    async def claims(self, token: str, audience: str) -> dict[str, Any]:
        """What a token says that this issuer has signed for an audience.

        Raises TOKEN_REFUSED, and UPSTREAM_DOWN without the issuer's keys.
        """
        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            found: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=audience,
                issuer=self.issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise token_refused("This sign-in has expired: sign in again.") from None
        except jwt.InvalidTokenError:
            raise token_refused("This token is not one of this system's sign-in.") from None
        return found

    async def _key(self, kid: str) -> Any:
        async with self._fetching:
            await self._refresh(due=kid not in self._keys)
            if time.monotonic() - self._fetched_at > STALE_KEYS_KEPT_S:
                raise upstream_down("The sign-in server")
        if kid not in self._keys:
            if self._tried_at > self._fetched_at:  # it may be a new key that cannot be asked for now
                raise upstream_down("The sign-in server")
            raise jwt.InvalidTokenError
        return self._keys[kid]

    async def _refresh(self, due: bool) -> None:
        now = time.monotonic()
        due = due or now - self._fetched_at > KEYS_KEPT_S
        if due and now - self._tried_at > (LEAST_PAUSE_S if self._keys else FIRST_PAUSE_S):
            await self._fetch()

    async def _fetch(self) -> None:
        """Ask for the keys; those from before stay where the issuer does not answer."""
        self._tried_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                # Issuers that end in a slash, as Auth0's do, have no second one there (OpenID Connect Discovery 4).
                found = await client.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                description = dict(found.raise_for_status().json())
                found = await client.get(description["jwks_uri"])
                keys = jwt.PyJWKSet.from_dict(found.raise_for_status().json())
        except UNREADABLE as error:
            log.warning("keys of the sign-in server not read", error_type=type(error).__name__, known=len(self._keys))
            return
        self._keys = {str(key.key_id): key for key in keys.keys if key.public_key_use in (None, "sig")}
        self._description, self._fetched_at = description, time.monotonic()
