"""Whoever asks takes turns; how many at once depends on whether the process keeps up."""

from __future__ import annotations

import asyncio

import pytest

from servicekit.turns import LATE_S, Turns

MOST = 3


class _Work:
    """So many who ask for their turn, and stay until they are let go."""

    def __init__(self, turns: Turns, count: int) -> None:
        self.changed = asyncio.Condition()
        self.at_it: list[int] = []
        self.begun: list[int] = []
        self.go_on = [asyncio.Event() for _ in range(count)]
        self.tasks = [asyncio.create_task(self._does(turns, number)) for number in range(count)]

    async def _does(self, turns: Turns, number: int) -> None:
        async with turns:
            self.at_it.append(number)
            self.begun.append(number)
            async with self.changed:
                self.changed.notify_all()
            await self.go_on[number].wait()
            self.at_it.remove(number)

    async def end(self) -> None:
        for each in self.go_on:
            each.set()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def _until(work: _Work, begun: int) -> None:
    async with work.changed:
        await work.changed.wait_for(lambda: len(work.begun) >= begun)


async def test_who_keeps_up_has_several_at_it_and_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Turns, "_waited", _in_time)
    work = _Work(Turns(MOST), 6)
    await _until(work, MOST)
    for _ in range(200):
        await asyncio.sleep(0)
    assert work.at_it == [0, 1, 2]
    work.go_on[1].set()
    await _until(work, MOST + 1)
    assert work.at_it == [0, 2, 3]
    await work.end()
    assert work.begun == list(range(6))


async def test_who_does_not_keep_up_has_one_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Turns, "_waited", _late)
    work = _Work(Turns(MOST), 4)
    for number in range(4):
        await _until(work, number + 1)
        for _ in range(200):
            await asyncio.sleep(0)
        assert work.at_it == [number]
        work.go_on[number].set()
    await work.end()


async def test_who_gives_up_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Turns, "_waited", _late)
    work = _Work(Turns(MOST), 3)
    await _until(work, 1)
    work.tasks[1].cancel()
    work.go_on[0].set()
    await _until(work, 2)
    assert work.at_it == [2]
    work.tasks[2].cancel()
    await work.end()
    async with Turns(1):
        pass


async def test_turns_pass_without_anything_replaced() -> None:
    work = _Work(Turns(MOST), 8)
    await work.end()
    assert work.begun == list(range(8))


async def _in_time(self: Turns) -> float:
    await asyncio.sleep(0)
    return 0.0


async def _late(self: Turns) -> float:
    await asyncio.sleep(0)
    return 2 * LATE_S
