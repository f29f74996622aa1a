from __future__ import annotations

from itertools import pairwise

import pytest

from servicekit.wire import Span
from services.audio.settings import Settings
from services.audio.voices.windows import windows

SETTINGS = Settings()


def test_no_speech_no_windows() -> None:
    assert windows([], SETTINGS) == []


@pytest.mark.parametrize("length_s", [0.2, 1.6])
def test_short_speech_is_one_window(length_s: float) -> None:
    (found,) = windows([Span(2.0, 2.0 + length_s)], SETTINGS)
    assert found.span == Span(2.0, 2.0 + length_s)
    assert found.weight_s == pytest.approx(length_s)


def test_windows_every_half_second_and_one_flush_with_the_end() -> None:
    found = windows([Span(10.0, 12.8)], SETTINGS)
    assert [w.span.start_s for w in found] == pytest.approx([10.0, 10.5, 11.0, 11.2])
    assert found[-1].span.end_s == pytest.approx(12.8)
    assert all(w.span.duration_s == pytest.approx(1.6) for w in found)


def test_a_window_weighs_the_speech_nearest_to_it() -> None:
    found = windows([Span(0.0, 2.6)], SETTINGS)
    assert [w.weight_s for w in found] == pytest.approx([1.05, 0.5, 1.05])


@pytest.mark.parametrize("speech", [[Span(0.0, 7.3), Span(8.0, 8.4), Span(9.0, 20.0)], [Span(0.5, 2.11)]])
def test_windows_stay_inside_their_speech_and_weigh_all_of_it(speech: list[Span]) -> None:
    found = windows(speech, SETTINGS)
    for window in found:
        region = speech[window.region]
        assert region.start_s <= window.span.start_s < window.span.end_s <= region.end_s + 1e-9
        assert window.weight_s > 0
    assert sum(w.weight_s for w in found) == pytest.approx(sum(s.duration_s for s in speech))
    assert all(a.span.start_s < b.span.start_s for a, b in pairwise(found))
