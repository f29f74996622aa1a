from __future__ import annotations

import asyncio

from services.judge.memory import Memory

SECONDS = 0.01


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


async def timers() -> None:
    """Every timer of a memory that was set before has rung: the loop rings them in their order."""
    await asyncio.sleep(SECONDS)
    await asyncio.sleep(0)


async def test_the_one_unused_for_longest_goes_first() -> None:
    memory = Memory[int](2, 60.0)
    memory.keep("a", 1)
    memory.keep("b", 2)
    assert memory.get("a") == 1
    memory.keep("c", 3)
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (1, None, 3)


async def test_a_memory_without_room_keeps_nothing() -> None:
    memory = Memory[int](0, 60.0)
    memory.keep("a", 1)
    assert memory.get("a") is None


async def test_nothing_is_held_longer_than_said_even_when_nothing_is_asked() -> None:
    clock = Clock()
    memory = Memory[int](2, SECONDS, clock)
    memory.keep("a", 1)
    assert memory.get("a") == 1
    clock.now_s = SECONDS
    await timers()
    assert len(memory) == 0


async def test_what_is_kept_again_outlives_the_older_timer() -> None:
    clock = Clock()
    memory = Memory[int](2, SECONDS, clock)
    memory.keep("a", 1)
    clock.now_s = SECONDS / 2
    memory.keep("a", 2)
    clock.now_s = SECONDS
    await timers()
    assert memory.get("a") == 2
    clock.now_s = 2 * SECONDS
    assert memory.get("a") is None
