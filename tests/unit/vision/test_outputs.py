"""Timeline, stills and their limits."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from servicekit.wire import Span
from services.vision.model import EventKind, Timeline, VisionEvent
from services.vision.picture.stills import StillShelf, jpeg, stills
from services.vision.timeline import chunks
from tests.support.media import noise


def shelf(seconds: float) -> StillShelf:
    filled, picture = StillShelf(), np.zeros((24, 32, 3), np.uint8)
    for offset_s in np.arange(0, seconds, 0.1):
        filled.offer(float(offset_s), picture)
    return filled


def event(start_s: float, end_s: float, kind: EventKind = EventKind.LOOKING_AWAY) -> VisionEvent:
    return VisionEvent(kind, Span(start_s, end_s), (start_s + end_s) / 2, 30.0, 0.9)


def test_jpegs_are_small() -> None:
    encoded = jpeg(noise(0.0, (640, 480)))
    decoded = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape == (240, 320, 3)
    assert len(encoded) <= 64 * 1024


def test_a_still_lies_inside_its_event_near_the_peak() -> None:
    found = stills([event(2.0, 4.0)], shelf(10), 20)[0]
    assert found.offset_s == pytest.approx(3.0, abs=0.2)


def test_blinks_have_no_stills_and_the_longest_events_come_first() -> None:
    events = [event(0, 9, EventKind.BLINK), event(1, 2), event(3, 6), event(7, 9)]
    assert sorted(stills(events, shelf(10), 2)) == [2, 3]


def test_memory_of_the_shelf_is_bounded() -> None:
    long = shelf(1500)
    assert len(long._kept) < 2000
    assert long.nearest(750.0, Span(745.0, 755.0)) is not None
    assert long.nearest(9999.0, Span(9998.0, 9999.0)) is None


def test_chunks_hold_300_rows() -> None:
    column = np.arange(650.0)
    whole = Timeline(column, column.astype(np.int32), *[column] * 7)
    parts = list(chunks(whole))
    assert [len(part.offset_s) for part in parts] == [300, 300, 50]
    assert np.concatenate([part.mouth_opening for part in parts]).tolist() == column.tolist()
