from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import threading
import time
from collections.abc import AsyncGenerator, Generator
from itertools import pairwise
from typing import cast

import pytest

from servicekit.streaming import PROGRESS_S, streamed
from servicekit.wire import Progress
from tests.support.clock import WorkClock
from tests.support.waiting import until

PROMISED_S = 5.0
"""What the contracts say."""


async def test_items_arrive_in_order_from_another_thread() -> None:
    def items() -> Generator[tuple[int, int], None, None]:
        for i in range(5):
            yield i, threading.get_ident()

    found = cast(list[tuple[int, int]], [item async for item in streamed(items())])
    assert [i for i, _ in found] == list(range(5))
    assert threading.get_ident() not in {thread for _, thread in found}


async def test_an_error_arrives_where_it_belongs() -> None:
    def items() -> Generator[int, None, None]:
        yield 1
        raise ZeroDivisionError

    stream = streamed(items())
    assert await anext(stream) == 1
    with pytest.raises(ZeroDivisionError):
        await anext(stream)


async def test_cancelling_closes_the_generator_at_its_next_yield() -> None:
    closed = threading.Event()

    def items() -> Generator[int, None, None]:
        try:
            for i in itertools.count():
                time.sleep(0.001)
                yield i
        finally:
            closed.set()

    source = items()  # held here, so that nothing but `close` ends it

    begun = asyncio.Event()

    async def consume() -> None:
        async for item in streamed(source):
            if not isinstance(item, Progress):
                begun.set()

    task = asyncio.create_task(consume())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(closed.wait)


async def test_a_consumer_that_stops_early_closes_the_generator() -> None:
    closed = threading.Event()

    def items() -> Generator[int, None, None]:
        try:
            yield from range(1000)
        finally:
            closed.set()

    source = items()  # held here, so that nothing but `close` ends it
    async with contextlib.aclosing(cast(AsyncGenerator[int], streamed(source))) as stream:
        assert await anext(stream) == 0
    assert await asyncio.to_thread(closed.wait)


async def test_a_stream_that_ends_early_leaves_a_long_step_alone_and_closes_after_it() -> None:
    go_on, closed = threading.Event(), threading.Event()

    def stuck() -> Generator[int, None, None]:
        try:
            go_on.wait()
            yield 1
        finally:
            closed.set()

    source = stuck()
    stream = streamed(source)
    assert await anext(stream) == Progress(0.0, 0.0)
    await stream.aclose()
    assert not closed.is_set()
    go_on.set()
    assert await asyncio.to_thread(closed.wait)


async def test_an_error_after_the_end_bothers_nobody(caplog: pytest.LogCaptureFixture) -> None:
    go_on, ended = threading.Event(), threading.Event()

    def breaking() -> Generator[int, None, None]:
        go_on.wait()
        ended.set()
        raise ZeroDivisionError
        yield 1

    stream = streamed(breaking())
    await anext(stream)
    await stream.aclose()
    go_on.set()
    assert await asyncio.to_thread(ended.wait)
    await asyncio.sleep(0.05)
    gc.collect()
    assert caplog.records == []


async def told(items: Generator[object, None, None], clock: WorkClock) -> list[tuple[float, object]]:
    return [(clock.now_s(), item) async for item in streamed(items, clock)]


async def test_progress_is_told_again_while_a_step_takes_long() -> None:
    clock = WorkClock()

    def items() -> Generator[object, None, None]:
        yield Progress(0.2, 3.0)
        clock.work(60.0)
        yield "end"

    found = await told(items(), clock)
    assert {item for _, item in found} == {Progress(0.2, 3.0), "end"}
    assert_accompanied(found, 60.0)


async def test_other_items_are_no_progress() -> None:
    """A model that finds a segment every two seconds and never says how far it is."""
    clock = WorkClock()

    def items() -> Generator[object, None, None]:
        for i in range(20):
            clock.work(2.0)
            yield i

    assert_accompanied(await told(items(), clock), 40.0)


async def test_a_model_that_tells_itself_is_not_repeated() -> None:
    clock = WorkClock()

    def items() -> Generator[object, None, None]:
        for i in range(20):
            clock.work(0.9 * PROGRESS_S)
            yield Progress(i / 20, float(i))

    assert len(await told(items(), clock)) == 20


def assert_accompanied(found: list[tuple[float, object]], until_s: float) -> None:
    times = [0.0, *(at_s for at_s, item in found if isinstance(item, Progress)), until_s]
    assert max(after - before for before, after in pairwise(times)) <= PROMISED_S


async def test_the_loop_goes_on_while_the_generator_blocks() -> None:
    begun, told = threading.Event(), threading.Event()

    def items() -> Generator[int, None, None]:
        begun.set()
        told.wait()  # for ever where the loop cannot tell
        yield 1

    async def tell() -> None:
        await until(begun.is_set)
        told.set()

    telling = asyncio.create_task(tell())
    assert [item async for item in streamed(items()) if not isinstance(item, Progress)] == [1]
    await telling
