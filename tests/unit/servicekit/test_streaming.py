from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import AsyncGenerator, Generator
from typing import cast

import pytest

from servicekit.streaming import iterate_in_thread
from tests.support.waiting import until


async def test_items_arrive_in_order_from_another_thread() -> None:
    def items() -> Generator[tuple[int, int], None, None]:
        for i in range(5):
            yield i, threading.get_ident()

    found = [item async for item in iterate_in_thread(items())]
    assert [i for i, _ in found] == list(range(5))
    assert threading.get_ident() not in {thread for _, thread in found}


async def test_an_error_arrives_where_it_belongs() -> None:
    def items() -> Generator[int, None, None]:
        yield 1
        raise ZeroDivisionError

    stream = iterate_in_thread(items())
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
        async for _ in iterate_in_thread(source):
            begun.set()

    task = asyncio.create_task(consume())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed.is_set()


async def test_a_consumer_that_stops_early_closes_the_generator() -> None:
    closed = threading.Event()

    def items() -> Generator[int, None, None]:
        try:
            yield from range(1000)
        finally:
            closed.set()

    source = items()  # held here, so that nothing but `close` ends it
    async with contextlib.aclosing(cast(AsyncGenerator[int], iterate_in_thread(source))) as stream:
        assert await anext(stream) == 0
    assert closed.is_set()


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
    assert [item async for item in iterate_in_thread(items())] == [1]
    await telling
