"""What a gateway does by itself."""

from __future__ import annotations

import asyncio

from gateway.__main__ import started
from gateway.organisation import acting
from servicekit.organisation import DEFAULT


async def test_sweeps_act_for_somebody_though_nobody_asked() -> None:
    """A call to the orchestrator, for a key, names an organisation or is not made."""
    found: list[str] = []

    async def sweep() -> None:
        found.append(acting())

    await asyncio.gather(*started([sweep(), sweep()]))
    assert found == [DEFAULT, DEFAULT]
