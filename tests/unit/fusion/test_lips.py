from __future__ import annotations

import math

import pytest

from orchestrator.evidence import Timeline
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.findings.lips import delay, movements, still_lips
from servicekit.wire import Span
from tests.support import evidence as made

RATE_HZ = 10
SPEECH = (Span(2.0, 12.0), Span(15.0, 25.0))


def picture(length_s: float, *still: Span, late_s: float = 0.0, yaw_deg: float = 0.0) -> Timeline:
    """A mouth that moves in SPEECH but for the spans `still`."""
    timeline = Timeline()
    for row in range(int(length_s * RATE_HZ)):
        at_s = row / RATE_HZ
        inside = any(s.start_s <= at_s - late_s < s.end_s for s in SPEECH)
        held = any(s.start_s <= at_s - late_s < s.end_s for s in still)
        opening = 0.2 + (0.05 * math.sin(7 * at_s) if inside and not held else 0.002 * math.sin(9 * at_s))
        timeline.offset_s.append(at_s)
        timeline.mouth_opening.append(opening)
        timeline.yaw_deg.append(yaw_deg)
    return timeline


def test_a_mouth_that_moves_with_the_voice() -> None:
    assert still_lips(SPEECH, picture(27.0)) == ()


def test_speech_over_a_still_mouth_is_found_where_it_is() -> None:
    (found,) = still_lips(SPEECH, picture(27.0, Span(17.0, 22.0)))
    assert found.start_s == pytest.approx(17.0, abs=0.8)
    assert found.end_s == pytest.approx(22.0, abs=0.8)


def test_short_phrases_over_a_still_mouth_belong_together() -> None:
    phrases = (*(Span(2.0 + 1.7 * k, 3.2 + 1.7 * k) for k in range(6)), Span(15.0, 25.0))
    (found,) = still_lips(phrases, picture(27.0, Span(4.0, 11.0)))
    assert found.start_s == pytest.approx(4.5, abs=1.3)
    assert found.end_s == pytest.approx(10.5, abs=1.3)
    assert still_lips(phrases, picture(27.0)) == ()


def test_two_moments_with_a_long_pause_between_are_nothing() -> None:
    speech = (Span(2.0, 7.0), Span(10.0, 12.0), Span(15.0, 25.0))
    assert still_lips(speech, picture(27.0, Span(6.0, 10.8))) == ()


def test_a_moment_is_nothing() -> None:
    assert still_lips(SPEECH, picture(27.0, Span(17.0, 18.5))) == ()


def test_a_mouth_that_never_moves() -> None:
    found = still_lips(SPEECH, picture(27.0, Span(0.0, 27.0)))
    assert sum(s.duration_s for s in found) == pytest.approx(20.0, abs=2.0)


@pytest.mark.parametrize("late_s", [-0.4, 0.0, 0.3, 0.5])
def test_a_late_picture_is_no_still_mouth(late_s: float) -> None:
    timeline = picture(27.0, late_s=late_s)
    assert delay(SPEECH, movements(timeline)) == pytest.approx(late_s, abs=0.25)
    assert still_lips(SPEECH, timeline) == ()


def test_a_face_that_is_turned_or_absent_is_not_compared() -> None:
    still = Span(0.0, 27.0)
    assert still_lips(SPEECH, picture(27.0, still, yaw_deg=50.0)) == ()
    hidden = picture(27.0, still)
    hidden.mouth_opening[:] = [None] * len(hidden.mouth_opening)
    assert still_lips(SPEECH, hidden) == ()
    assert still_lips(SPEECH, Timeline()) == ()
    assert still_lips((), picture(27.0)) == ()


def test_without_pauses_no_delay_is_assumed() -> None:
    assert delay((Span(0.0, 30.0),), movements(picture(27.0))) == 0.0


@pytest.mark.parametrize(("length_s", "severity"), [(2.5, "info"), (5.0, "review")])
def test_the_finding_says_how_long(length_s: float, severity: str) -> None:
    answer = made.answer(still_lips=(Span(1.0, 1.0 + length_s),), audio=made.audio(speech=(Span(1.0, 6.0),)))
    (found,) = [f for f in findings(answer) if f.type == "speech_with_still_lips"]
    assert (found.severity, found.strength) == (severity, length_s)
    assert found.quote.startswith("I fixed")


def test_pauses_do_not_make_it_longer() -> None:
    phrases = (Span(1.0, 2.0), Span(2.8, 3.8))
    answer = made.answer(still_lips=(Span(1.0, 4.0),), audio=made.audio(speech=phrases))
    (found,) = [f for f in findings(answer) if f.type == "speech_with_still_lips"]
    assert (found.severity, found.strength) == ("info", 2.0)
    assert "for 2.0 s" in found.explanation
