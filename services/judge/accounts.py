"""Judges with accounts of organisations: each has connections, memory and circuit breakers of its own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.judge.model import Accounts, Judge

MOST = 64
"""Judges that are kept for the next call; those used longest ago go first, and none while it works."""


@dataclass(slots=True)
class _Kept:
    judge: Judge
    calls: int = 0


class Judges:
    """The judge of the settings, and one for each organisation's accounts."""

    def __init__(self, usual: Judge, made: Callable[[Accounts], Judge] | None = None, most: int = MOST) -> None:
        """`made` gives the judge with accounts; without it every call gets the `usual` one."""
        self.usual, self._made, self._most = usual, made, most
        self._kept: OrderedDict[Accounts, _Kept] = OrderedDict()

    async def close(self) -> None:
        """Close all of them."""
        for kept in self._kept.values():
            await kept.judge.close()
        await self.usual.close()

    @asynccontextmanager
    async def of(self, accounts: Accounts) -> AsyncIterator[Judge]:
        """The judge for one call."""
        if self._made is None or not accounts:
            yield self.usual
            return
        kept = self._kept.get(accounts) or _Kept(self._made(accounts))
        self._kept[accounts] = kept
        self._kept.move_to_end(accounts)
        kept.calls += 1
        try:
            yield kept.judge
        finally:
            kept.calls -= 1
            await self._forget_some()

    async def _forget_some(self) -> None:
        idle = [accounts for accounts, kept in self._kept.items() if not kept.calls]
        for accounts in idle[: max(0, len(self._kept) - self._most)]:
            await self._kept.pop(accounts).judge.close()
