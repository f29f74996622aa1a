"""Voice and lips: mouths that open with the syllables, early or late, and mouths that say something else."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.evidence import Synchrony, Timeline
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.findings.synchrony import synchrony
from servicekit.wire import Span
from tests.support import evidence as made
from tests.support.lips import SECONDS, heard, syllables, watched

SPEECH = (Span(0.0, SECONDS),)


@pytest.mark.parametrize("late_s", [-0.5, -0.12, 0.0, 0.2, 0.7])
@pytest.mark.parametrize("seed", range(3))
def test_a_constant_lag_is_found_to_within_80_ms(late_s: float, seed: int) -> None:
    said = syllables(seed)
    found = synchrony(heard(said), SPEECH, watched(said, late_s, seed=seed))
    assert found is not None
    assert found.lag_s == pytest.approx(late_s, abs=0.08)
    assert found.similarity > 0.25


@pytest.mark.parametrize("seed", range(5))
def test_another_voice_than_the_lips_form_has_no_lag(seed: int) -> None:
    found = synchrony(heard(syllables(seed)), SPEECH, watched(syllables(seed + 100), seed=seed))
    assert found is not None
    assert found.lag_s is None
    assert found.similarity < 0.2


def test_a_mouth_that_is_hardly_seen_is_not_compared() -> None:
    said = syllables(1)
    assert synchrony(heard(said), SPEECH, watched(said, yaw_deg=50.0)) is None
    assert synchrony(heard(said), SPEECH, Timeline()) is None


def test_words_far_apart_leave_too_little_at_the_largest_shifts() -> None:
    said = syllables(2)
    words = tuple(Span(at_s, at_s + 0.1) for at_s in np.arange(1.0, SECONDS - 1, 4.0))
    found = synchrony(heard(said), words, watched(said))
    assert found is not None
    assert -1.0 <= found.similarity <= 1.0


def test_sound_of_an_older_version_is_not_compared() -> None:
    said = syllables(1)
    assert synchrony([], SPEECH, watched(said)) is None


def test_a_mouth_as_still_as_a_picture_says_nothing() -> None:
    still = watched(syllables(1))
    still.mouth_opening[:] = [0.2] * len(still.mouth_opening)
    found = synchrony(heard(syllables(1)), SPEECH, still)
    assert found is not None
    assert (found.similarity, found.lag_s) == (0.0, None)


@pytest.mark.parametrize(
    ("together", "still", "types"),
    [
        (Synchrony(0.5, 0.1, 50.0), (), []),
        (Synchrony(0.5, -0.4, 50.0), (), ["picture_out_of_step"]),
        (Synchrony(0.08, None, 50.0), (), ["voice_unlike_lips"]),
        (Synchrony(0.08, None, 30.0), (), []),
        (Synchrony(0.08, None, 50.0), (Span(0.0, 20.0),), []),
        (None, (), []),
    ],
    ids=["together", "early picture", "other voice", "too short", "still lips", "not compared"],
)
def test_findings_about_voice_and_lips_are_information(
    together: Synchrony | None, still: tuple[Span, ...], types: list[str]
) -> None:
    ours = {"picture_out_of_step", "voice_unlike_lips"}
    found = [f for f in findings(made.answer(synchrony=together, still_lips=still)) if f.type in ours]
    assert [f.type for f in found] == types
    assert {f.severity for f in found} <= {"info"}
