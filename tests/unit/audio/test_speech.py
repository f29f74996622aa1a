from __future__ import annotations

import numpy as np
import pytest

from servicekit.wire import Span
from services.audio.settings import Settings
from services.audio.speech import pauses, speech_spans

PLAIN = Settings(vad_pad_s=0.0)
FRAME_S = 0.1


def spans(*probabilities: float, settings: Settings = PLAIN) -> list[tuple[float, float]]:
    values = np.array(probabilities, np.float32)
    found = speech_spans(values, FRAME_S, FRAME_S * len(values), settings)
    return [(round(s.start_s, 3), round(s.end_s, 3)) for s in found]


def test_no_sound_no_speech() -> None:
    assert spans() == []
    assert spans(*[0.1] * 20) == []


def test_speech_starts_high_and_ends_low() -> None:
    assert spans(0.3, 0.36, 0.25, 0.3, 0.21, 0.19, 0.3, 0.3) == [(0.1, 0.5)]


def test_speech_to_the_last_frame() -> None:
    assert spans(0.0, 0.9, 0.9, 0.9) == [(0.1, 0.4)]


@pytest.mark.parametrize(("gap", "count"), [(1, 1), (3, 2)])
def test_short_gaps_are_closed(gap: int, count: int) -> None:
    assert len(spans(*[0.9] * 5, *[0.0] * gap, *[0.9] * 5)) == count


def test_a_click_is_no_speech() -> None:
    assert spans(*[0.0] * 5, 0.9, *[0.0] * 5, *[0.9] * 3, *[0.0] * 5) == [(1.1, 1.4)]


def test_padding_stays_inside_the_sound_and_never_overlaps() -> None:
    padded = Settings(vad_pad_s=0.16)
    assert spans(*[0.9] * 5, *[0.0] * 5, *[0.9] * 5, settings=padded) == [(0.0, 0.66), (0.84, 1.5)]
    assert spans(*[0.9] * 5, *[0.0] * 3, *[0.9] * 5, settings=padded) == [(0.0, 1.3)]


def test_pauses_lie_between_speech() -> None:
    speech = [Span(1.0, 2.0), Span(2.4, 3.0), Span(3.5, 4.0), Span(6.0, 7.0)]
    assert pauses(speech, 0.5) == (Span(3.0, 3.5), Span(4.0, 6.0))
    assert pauses(speech[:1], 0.5) == pauses([], 0.5) == ()
