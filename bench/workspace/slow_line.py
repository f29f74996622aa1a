"""A line as slow as a bad telephone network's, which is also cut, between a page and everything."""

from __future__ import annotations

from playwright.async_api import CDPSession, Page

LATENCY_MS = 150
DOWN_FACTOR = 4
"""How much faster such lines receive than they send."""


class SlowLine:
    """Chromium's own emulation of a network."""

    def __init__(self, devtools: CDPSession, kilobits: int) -> None:
        """`kilobits` a second go up."""
        self._devtools, self._kilobits = devtools, kilobits

    @classmethod
    async def of(cls, page: Page, kilobits: int) -> SlowLine:
        """Slow from now on."""
        line = cls(await page.context.new_cdp_session(page), kilobits)
        await line._devtools.send("Network.enable")
        await line.mend()
        return line

    async def cut(self) -> None:
        """Nothing goes through; what was on its way is lost."""
        await self._emulate(offline=True)

    async def mend(self) -> None:
        """Slow again."""
        await self._emulate(offline=False)

    async def _emulate(self, offline: bool) -> None:
        bytes_a_second = self._kilobits * 1000 / 8
        conditions = {
            "offline": offline,
            "latency": LATENCY_MS,
            "uploadThroughput": bytes_a_second,
            "downloadThroughput": DOWN_FACTOR * bytes_a_second,
        }
        await self._devtools.send("Network.emulateNetworkConditions", conditions)
