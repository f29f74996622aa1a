"""From a blocking generator to an async stream: in a thread of its own, with signs of life and cancellation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Protocol, TypeVar, cast

from servicekit.wire import Progress

T = TypeVar("T")
_END = object()

PROGRESS_S = 0.5
"""Progress is told at least this often while work goes on; the contracts promise five seconds."""
LEAVE_S = 0.5
"""How long a stream that ends early waits for the step under way."""


class Clock(Protocol):
    """Time as a stream sees it; tests have one of their own."""

    def now_s(self) -> float:
        """Seconds since some moment."""

    async def done(self, step: asyncio.Future[Any], within_s: float) -> bool:
        """Wait for a step, at most so long; whether it is done."""


class MachineClock:
    """The time of this machine."""

    def now_s(self) -> float:
        """Seconds since the machine started."""
        return time.monotonic()

    async def done(self, step: asyncio.Future[Any], within_s: float) -> bool:
        """As `Clock.done`."""
        return bool((await asyncio.wait({step}, timeout=max(0.0, within_s)))[0])


CLOCK: Final = MachineClock()


async def streamed(items: Generator[T, None, None], clock: Clock = CLOCK) -> AsyncGenerator[T | Progress]:
    """The items of a blocking generator, and its latest progress again whenever none was told for `PROGRESS_S`.

    A step cannot be interrupted: a window of Whisper takes many seconds with a large model on a CPU. A stream that is
    closed or cancelled waits for the step under way for `LEAVE_S` at most, so whoever counts running calls counts
    right where steps are short; a longer one ends unheard in its thread, then `items` is closed. Raises what `items`
    raises.
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="stream")
    reached, told_s = Progress(0.0, 0.0), clock.now_s()
    try:
        while True:
            step = _heard(thread.submit(next, items, _END))
            while not await clock.done(step, told_s + PROGRESS_S - clock.now_s()):
                yield reached
                told_s = clock.now_s()
            if (item := step.result()) is _END:
                return
            if isinstance(item, Progress):
                reached, told_s = item, clock.now_s()
            elif clock.now_s() - told_s >= PROGRESS_S:
                yield reached
                told_s = clock.now_s()
            yield cast(T, item)
    finally:
        closing = _heard(thread.submit(items.close))
        thread.shutdown(wait=False)
        for closed in (await asyncio.wait({closing}, timeout=LEAVE_S))[0]:
            closed.result()


def _heard(work: Future[Any]) -> asyncio.Future[Any]:
    """Work in a thread to wait for; an error in it that nobody waits for any more is not complained of."""
    step = asyncio.wrap_future(work)
    step.add_done_callback(lambda done: done.cancelled() or done.exception())
    return step
