"""Before every operation: who asks, whether they may, and whether they ask too often."""

from __future__ import annotations

import time
from collections import OrderedDict

from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.routing import Route

from gateway.access.cookies import key_id
from gateway.access.oidc import OpenIdConnect
from gateway.access.principal import ANYONE, KEY_PREFIX, Principal
from gateway.access.scopes import NEEDED, RESUMABLE
from gateway.errors import not_signed_in, rate_limited, scope_missing, session_not_found
from gateway.orchestrator import Sessions
from gateway.settings import GatewaySettings

UPLOADS = frozenset({"/upload", "/upload_json", "/v1/upload-link", "/v1/sessions", *RESUMABLE})
KEPT_S, MOST_KEPT = 30.0, 1000
"""How long a key is believed without asking again: a revoked one works for so long at most."""


class Guard:
    """Knows principals by key, token or cookie."""

    def __init__(self, settings: GatewaySettings, sessions: Sessions) -> None:
        """Ask nothing yet."""
        self._settings, self._sessions = settings, sessions
        self._oidc = (
            OpenIdConnect(settings.oidc_issuer, settings.oidc_audience, settings.oidc_scope_claim)
            if settings.oidc_issuer
            else None
        )
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._kept: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    async def check(self, request: Request) -> None:
        """Let the request pass with its principal, or raise why not."""
        route = request.scope["route"]
        assert isinstance(route, Route)
        needed = NEEDED.get((request.method if request.method != "HEAD" else "GET", route.path), frozenset({"admin"}))
        principal = await self.principal(request) if needed else ANYONE
        request.state.principal = principal
        await self._limit(request, principal, route.path)
        if not principal.may(needed):
            raise scope_missing(needed)
        await self._owned(request, principal)

    async def principal(self, request: Request) -> Principal:
        """Who asks. Raises NOT_SIGNED_IN, KEY_REFUSED, TOKEN_REFUSED."""
        if not self._settings.sign_in:
            return ANYONE
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token.strip():
            return await self._bearer(token.strip())
        if secret := request.headers.get("x-api-key", ""):
            return await self.key(secret=secret)
        if found := key_id(request, self._settings.signing_secret):
            return await self.key(known_id=found)
        raise not_signed_in()

    async def key(self, secret: str = "", known_id: str = "") -> Principal:
        """The principal of a key. Raises KEY_REFUSED."""
        name = secret or f"id {known_id}"
        now = time.monotonic()
        if (kept := self._kept.get(name)) and now - kept[0] < KEPT_S:
            return kept[1]
        found = await self._sessions.authenticate(secret, known_id)
        principal = Principal(f"key:{found.key_id}", found.name, frozenset(found.scopes))
        self._kept[name] = now, principal
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return principal

    async def _bearer(self, token: str) -> Principal:
        if token.startswith(KEY_PREFIX) or self._oidc is None:
            return await self.key(secret=token)
        return await self._oidc.principal(token)

    async def _limit(self, request: Request, principal: Principal, path: str) -> None:
        who = principal.id or (request.client.host if request.client else "")
        uploads = request.method == "POST" and path in UPLOADS
        limit = self._settings.upload_rate_limit if uploads else self._settings.rate_limit
        if not limit:
            return
        item: RateLimitItem = parse(limit)
        if not await self._limiter.hit(item, who, "uploads" if uploads else "requests"):
            raise rate_limited(limit, float(item.get_expiry()))

    async def _owned(self, request: Request, principal: Principal) -> None:
        """Where sessions are for their submitters only, another's is as good as missing."""
        session_id = request.path_params.get("session_id")
        if session_id is None or not self.restricted(principal):
            return
        if (await self._sessions.get(session_id)).owner != principal.id:
            raise session_not_found()

    def restricted(self, principal: Principal) -> bool:
        """Whether this principal sees its own sessions only."""
        return self._settings.session_access == "owner" and "admin" not in principal.scopes
