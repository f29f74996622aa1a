"""Signs of life while one step of the work takes long."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar, cast

T = TypeVar("T")
_END = object()


def with_beats(items: Generator[T, None, None], interval_s: float) -> Generator[T | None, None, None]:
    """Yield the items of a generator that runs in a thread of its own, and None after each `interval_s` without one.

    A Whisper window cannot be interrupted and takes many seconds with a large model on a CPU. Closing this does not
    wait for the window: it ends unheard in its thread, then `items` is closed. Raises what `items` raises.
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="beats")
    try:
        while True:
            step = thread.submit(next, items, _END)
            while not wait([step], interval_s).done:
                yield None
            if (item := step.result()) is _END:
                return
            yield cast(T, item)
    finally:
        thread.submit(items.close)
        thread.shutdown(wait=False)
