"""Many who submit in the same moment: recorded a few at a time, started one after the other, questions go before."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from orchestrator.sessions import launch, starts
from orchestrator.sessions.launch import RECORDED_AT_ONCE, Starting
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from servicekit.media import MediaStore
from tests.unit.orchestrator.sessions.test_launch import NOW, ScriptedWorkflows, calls_of, request


class HeldWorkflows(ScriptedWorkflows):
    """An engine that does not answer until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go, self.at_once, self.most_at_once = asyncio.Event(), 0, 0

    async def start_session(self, *args: Any, **named: Any) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.let_go.wait()
        await super().start_session(*args, **named)
        self.at_once -= 1


async def test_nobody_who_submits_waits_for_a_start_and_starts_take_turns(
    media: MediaStore, store: SessionStore
) -> None:
    workflows = HeldWorkflows()
    starting = Starting(store, cast(Any, workflows), quiet_s=0.0)
    calls = calls_of(store, media, workflows, starting)
    ids = [f"{number:032x}" for number in range(6)]
    await asyncio.gather(*(calls.CreateSession(request(media, session_id=each), None) for each in ids))
    assert not workflows.running
    workflows.let_go.set()
    await starting.caught_up()
    assert (workflows.running, workflows.most_at_once) == ({*ids}, 1)
    assert await starts.owed_count(store, datetime.now(UTC)) == 0


async def test_a_process_that_ends_leaves_its_starts_to_others(media: MediaStore, store: SessionStore) -> None:
    workflows = HeldWorkflows()
    starting = Starting(store, cast(Any, workflows), quiet_s=0.0)
    await calls_of(store, media, workflows, starting).CreateSession(request(media), None)
    await starting.close()
    assert not workflows.running
    assert await starts.owed_count(store, datetime.now(UTC)) == 1


async def test_one_start_that_fails_leaves_those_behind_it_to_later(media: MediaStore, store: SessionStore) -> None:
    """Each would wait for an engine that is away."""
    workflows = HeldWorkflows()
    workflows.away_after = True
    starting = Starting(store, cast(Any, workflows), quiet_s=0.0)
    calls = calls_of(store, media, workflows, starting)
    for number in range(6):
        await calls.CreateSession(request(media, session_id=f"{number:032x}"), None)
    workflows.let_go.set()
    await starting.caught_up()
    assert len(workflows.starts) == 1
    workflows.away_after = False
    assert await starting.start_owed(NOW) == 6


async def test_hundreds_who_submit_leave_connections_to_those_who_ask(
    media: MediaStore, store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflows = ScriptedWorkflows()
    calls = calls_of(store, media, workflows, Starting(store, cast(Any, workflows), quiet_s=0.0))
    recorded, at_once, most = store.create, 0, 0

    async def counted(*args: Any) -> bool:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        made = await recorded(*args)
        at_once -= 1
        return made

    monkeypatch.setattr(store, "create", counted)
    ids = [f"{number:032x}" for number in range(30)]
    await asyncio.gather(*(calls.CreateSession(request(media, session_id=each), None) for each in ids))
    assert most <= RECORDED_AT_ONCE < DatabaseSettings().database_pool_size
    await calls._starting.caught_up()


async def test_what_is_recorded_goes_before_what_is_started(media: MediaStore, store: SessionStore) -> None:
    workflows = ScriptedWorkflows()
    starting = Starting(store, cast(Any, workflows), quiet_s=3600.0)
    await calls_of(store, media, workflows, starting).CreateSession(request(media), None)
    await asyncio.sleep(0.05)
    assert not workflows.running
    await starting.close()
    assert await starting.start_owed(NOW) == 1  # what is owed does not wait for that


async def test_no_start_waits_for_ever_while_others_submit(
    media: MediaStore, store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "PATIENCE_S", 0.05)
    workflows = ScriptedWorkflows()
    starting = Starting(store, cast(Any, workflows), quiet_s=3600.0)
    calls, ids = calls_of(store, media, workflows, starting), [f"{number:032x}" for number in range(4)]
    for each in ids:
        await calls.CreateSession(request(media, session_id=each), None)
    await starting.caught_up()
    assert workflows.running == {*ids}
