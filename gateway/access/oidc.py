"""OpenID Connect: bearer tokens of a company's own sign-in."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any

import httpx
import jwt

from gateway.access.principal import ALL, Principal
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

_UNREADABLE = (httpx.HTTPError, httpx.InvalidURL, jwt.PyJWTError, AttributeError, KeyError, TypeError, ValueError)
"""It does not answer, or with something that is no description and no keys."""


class OpenIdConnect:
    """Tokens of one issuer for one audience; scopes from one claim."""

    def __init__(self, issuer: str, audience: str, scope_claim: str) -> None:
        """Nothing is asked of the issuer yet."""
        self._issuer, self._audience, self._scope_claim = issuer, audience, scope_claim
        self._keys: dict[str, Any] = {}
        self._fetched_at = self._tried_at = -math.inf
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
        names = found.split() if isinstance(found, str) else found if isinstance(found, list | tuple) else ()
        return frozenset(name for name in names if isinstance(name, str)) & ALL

    async def _key(self, kid: str) -> Any:
        async with self._fetching:
            now = time.monotonic()
            due = now - self._fetched_at > KEYS_KEPT_S or kid not in self._keys
            if due and now - self._tried_at > (LEAST_PAUSE_S if self._keys else FIRST_PAUSE_S):
                await self._fetch()
            if time.monotonic() - self._fetched_at > STALE_KEYS_KEPT_S:
                raise upstream_down("The sign-in server")
        if kid not in self._keys:
            if self._tried_at > self._fetched_at:  # it may be a new key that cannot be asked for now
                raise upstream_down("The sign-in server")
            raise jwt.InvalidTokenError
        return self._keys[kid]

    async def _fetch(self) -> None:
        """Ask for the keys; those from before stay where the issuer does not answer."""
        self._tried_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                # Issuers that end in a slash, as Auth0's do, have no second one there (OpenID Connect Discovery 4).
                discovered = await client.get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                found = await client.get(discovered.raise_for_status().json()["jwks_uri"])
                keys = jwt.PyJWKSet.from_dict(found.raise_for_status().json())
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
            jwt.PyJWTError,
        ) as e:
            log.warning("keys of the sign-in server not read", error_type=type(e).__name__, known=len(self._keys))
            return
        self._keys = {str(key.key_id): key for key in keys.keys if key.public_key_use in (None, "sig")}
        self._fetched_at = time.monotonic()
