from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from services.transcriber.beats import with_beats


def test_items_come_in_order_without_beats_when_quick() -> None:
    assert list(with_beats((i for i in range(5)), 5.0)) == [0, 1, 2, 3, 4]


def test_beats_fill_a_long_step() -> None:
    go_on = threading.Event()

    def slow() -> Generator[str, None, None]:
        go_on.wait()  # for ever where no beat comes
        yield "a"

    found = with_beats(slow(), 0.01)
    assert [next(found) for _ in range(3)] == [None] * 3
    go_on.set()
    assert [item for item in found if item is not None] == ["a"]


def test_errors_pass() -> None:
    def broken() -> Generator[int, None, None]:
        yield 1
        raise ValueError("no")

    items = with_beats(broken(), 1.0)
    assert next(items) == 1
    with pytest.raises(ValueError, match="no"):
        next(items)


def test_closing_does_not_wait_for_the_step_but_ends_it() -> None:
    go_on, closed = threading.Event(), threading.Event()

    def stuck() -> Generator[int, None, None]:
        try:
            go_on.wait()  # for ever where closing waits
            yield 1
            yield 2
        finally:
            closed.set()

    items = with_beats(stuck(), 0.02)
    assert next(items) is None
    items.close()
    assert not closed.is_set()
    go_on.set()
    closed.wait()
