"""How often one may ask: known callers by who they are, unknown ones by their address before anything is looked up."""

from __future__ import annotations

import hashlib
import ipaddress
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from gateway.errors import rate_limited
from gateway.settings import GatewaySettings
from servicekit.errors import ServiceError

MOST_KNOWN = 10_000
"""Credentials that are remembered as good, so that many people behind one address do not lock each other out."""
IPV6_NETWORK_BITS = 64
"""What one household or machine is given: single addresses in it can be changed at will."""


class Limits:
    """Counts in this process."""

    def __init__(self, settings: GatewaySettings) -> None:
        """Nobody has asked yet."""
        self._settings = settings
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._good: OrderedDict[bytes, None] = OrderedDict()

    async def request(self, who: str, uploads: bool) -> None:
        """Count a request of a caller. Raises RATE_LIMITED."""
        limit = self._settings.upload_rate_limit if uploads else self._settings.rate_limit
        await self._hit(limit, who, "uploads" if uploads else "requests")

    @asynccontextmanager
    async def attempt(self, request: Request, credential: str) -> AsyncIterator[None]:
        """Around finding out whether a credential is good; one that was is not counted. Raises RATE_LIMITED."""
        name = hashlib.sha256(credential.encode()).digest()
        if name not in self._good:
            await self._hit(self._settings.sign_in_rate_limit, address(request), "attempts")
        try:
            yield
        except ServiceError as error:
            if error.code == grpc.StatusCode.UNAUTHENTICATED:
                self._good.pop(name, None)
            raise
        self._good[name] = None
        if len(self._good) > MOST_KNOWN:
            self._good.popitem(last=False)

    async def _hit(self, limit: str, who: str, what: str) -> None:
        if not limit:
            return
        item: RateLimitItem = parse(limit)
        if not await self._limiter.hit(item, who, what):
            raise rate_limited(limit, float(item.get_expiry()))


def address(request: Request) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 address."""
    host = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, IPV6_NETWORK_BITS), strict=False))
    return host
