from __future__ import annotations

import pytest

from servicekit.wire import Span
from services.vision.model import EventKind, VisionEvent
from services.vision.picture.holes import outside, pictured_share

HOLE = (Span(8.0, 1808.0),)


def parts(start_s: float, end_s: float, holes: tuple[Span, ...] = HOLE) -> list[tuple[float, float, float]]:
    """Start, end and peak of what is left of an event with its peak one second after its start."""
    event = VisionEvent(EventKind.FACE_ABSENT, Span(start_s, end_s), start_s + 1.0, 1.0, 1.0)
    return [(part.span.start_s, part.span.end_s, part.peak_s) for part in outside(event, holes)]


def test_nothing_that_was_seen_reaches_into_a_hole() -> None:
    assert parts(6.0, 1810.0) == [(6.0, 8.0, 7.0), (1808.0, 1810.0, 1809.0)]
    assert parts(6.0, 1000.0) == [(6.0, 8.0, 7.0)]
    assert parts(7.9, 1808.0) == []


def test_what_no_hole_touches_stays() -> None:
    assert parts(2.0, 4.0) == [(2.0, 4.0, 3.0)]
    assert parts(2.0, 2.1) == [(2.0, 2.1, 3.0)]


def test_a_lost_frame_divides_nothing() -> None:
    assert parts(2.0, 6.0, (Span(3.0, 3.04),)) == [(2.0, 6.0, 3.0)]


def test_shares_are_over_the_whole_answer() -> None:
    assert pictured_share((Span(8.0, 20.0),), 20.0) == pytest.approx(0.4)
    assert pictured_share((), 20.0) == 1.0
    assert pictured_share((), 0.0) == 1.0
