"""How the orchestrator's calls end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from orchestrator.settings import DatabaseSettings
from tests.support.recruiting import orchestrator_over


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_database_is_closed_once_nothing_is_started_any_more(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orchestrator = orchestrator_over(database, tmp_path / "objects", monkeypatch)
    ended: list[str] = []

    async def keep_starting() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("starting")

    monkeypatch.setattr(orchestrator._starting, "keep_starting", keep_starting)
    await orchestrator.load()
    await asyncio.sleep(0)

    def closing(part: str) -> Callable[[], Awaitable[None]]:
        async def close() -> None:
            ended.append(part)

        return close

    for part in ("choices", "vault", "store"):
        monkeypatch.setattr(getattr(orchestrator, f"_{part}"), "close", closing(part))
    await orchestrator.close()
    assert ended == ["starting", "choices", "vault", "store"]
