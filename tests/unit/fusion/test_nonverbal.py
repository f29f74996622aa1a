from __future__ import annotations

import pytest

from orchestrator.fusion.nonverbal import METRICS, nonverbal_score, nonverbal_values
from orchestrator.fusion.speech import speech_analysis
from tests.support import evidence as made

GOLDEN = {
    "speech_rate_wpm": 150.0,
    "speaking_ratio": 0.58,
    "blink_rate_per_minute": 22.85,
    "eye_contact_percentage": 96.19,
    "average_smile_intensity": 0.0056,
    "eyebrow_movement_range": 0.0202,
}


def test_the_golden_case_of_the_original_gives_82_70() -> None:
    score = nonverbal_score(dict(GOLDEN))
    assert score is not None
    assert score.score == 82.7
    assert score.low < score.score < score.high


def test_the_terms_add_up_to_the_score() -> None:
    score = nonverbal_score(dict(GOLDEN))
    assert score is not None
    assert 50 + sum(score.terms.values()) == pytest.approx(score.score, abs=0.01)


def test_weights_sum_to_one() -> None:
    assert sum(m.weight for m in METRICS.values()) == pytest.approx(1.0)


def test_a_metric_that_was_not_measured_widens_the_margin() -> None:
    whole = nonverbal_score({**GOLDEN, "head_movement_intensity": 0.5})
    part = nonverbal_score(dict(GOLDEN))
    assert whole is not None
    assert part is not None
    assert part.margin > whole.margin


def test_nothing_measured_gives_no_score() -> None:
    assert nonverbal_score(dict.fromkeys(METRICS)) is None


def test_speech_rate_counts_spoken_words_over_speaking_time() -> None:
    speech = speech_analysis(made.answer())
    assert speech.speech_rate_wpm == pytest.approx(60 * 9 / 3.5, abs=0.1)
    assert speech.speech_rate_over_total_wpm == pytest.approx(60 * 9 / 20, abs=0.1)
    assert speech.speaking_ratio == pytest.approx(3.5 / 20, abs=0.01)


def test_a_lost_picture_leaves_its_metrics_unmeasured() -> None:
    values = nonverbal_values(made.answer(vision=None))
    assert values["eye_contact_percentage"] is None
    assert values["speaking_ratio"] is not None
