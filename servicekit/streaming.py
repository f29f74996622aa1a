"""From a plain generator in a thread to an async iterator, with cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

T = TypeVar("T")
_END = object()


async def iterate_in_thread(items: Generator[T, None, None]) -> AsyncGenerator[T, None]:
    """Yield the items of a blocking generator, which runs in a thread of its own.

    When the consumer stops or is cancelled, the generator is closed at its next `yield`, and this waits until it
    has ended: so a generator that yields progress every second is cancelled within a second, and whoever counts
    running calls counts right.
    """
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="stream") as thread:
        try:
            while (item := await loop.run_in_executor(thread, next, items, _END)) is not _END:
                yield cast(T, item)
        finally:
            await asyncio.shield(loop.run_in_executor(thread, items.close))
