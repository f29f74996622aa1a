"""OpenID Connect: bearer tokens of a company's own sign-in."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import jwt

from gateway.access.principal import ALL, Principal
from gateway.errors import token_refused
from servicekit.errors import upstream_down

ALGORITHMS = ("RS256", "ES256")
"""Signatures by a private key only: a token signed with the public key as a password must not pass."""

KEYS_KEPT_S = 3600.0
LEAST_PAUSE_S = 30.0
"""Between two looks at the issuer's keys, whatever tokens claim."""

LEEWAY_S = 30
TIMEOUT_S = 5.0


class OpenIdConnect:
    """Tokens of one issuer for one audience; scopes from one claim."""

    def __init__(self, issuer: str, audience: str, scope_claim: str) -> None:
        """Nothing is asked of the issuer yet."""
        self._issuer, self._audience, self._scope_claim = issuer.rstrip("/"), audience, scope_claim
        self._keys: dict[str, Any] = {}
        self._fetched_at = -KEYS_KEPT_S
        self._fetching = asyncio.Lock()

    async def principal(self, token: str) -> Principal:
        """Whose token it is. Raises TOKEN_REFUSED, and UPSTREAM_DOWN without the issuer's keys."""
        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise token_refused("This sign-in has expired: sign in again.") from None
        except jwt.InvalidTokenError:
            raise token_refused("This token is not one of this system's sign-in.") from None
        name = str(claims.get("name") or claims.get("preferred_username") or claims.get("email") or claims["sub"])
        return Principal(f"oidc:{claims['sub']}", name, self._scopes(claims))

    def _scopes(self, claims: dict[str, Any]) -> frozenset[str]:
        found = claims.get(self._scope_claim, ())
        return frozenset(found.split() if isinstance(found, str) else found) & ALL

    async def _key(self, kid: str) -> Any:
        async with self._fetching:
            age_s = time.monotonic() - self._fetched_at
            if age_s > KEYS_KEPT_S or (kid not in self._keys and age_s > LEAST_PAUSE_S):
                await self._fetch()
        if kid not in self._keys:
            raise jwt.InvalidTokenError
        return self._keys[kid]

    async def _fetch(self) -> None:
        self._fetched_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                discovered = await client.get(f"{self._issuer}/.well-known/openid-configuration")
                found = await client.get(discovered.raise_for_status().json()["jwks_uri"])
                keys = jwt.PyJWKSet.from_dict(found.raise_for_status().json())
        except (httpx.HTTPError, KeyError, ValueError, jwt.PyJWKSetError) as error:
            self._fetched_at = -KEYS_KEPT_S
            raise upstream_down("The sign-in server") from error
        self._keys = {str(key.key_id): key for key in keys.keys if key.public_key_use in (None, "sig")}
