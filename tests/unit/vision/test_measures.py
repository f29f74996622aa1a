"""Calibration, head movement and the original's screening."""

from __future__ import annotations

import numpy as np
import pytest

from services.vision.calibration import expression, head_movement_intensity
from services.vision.model import Limits
from services.vision.screening import gaze_stability, screening


def test_the_first_frames_are_the_baseline() -> None:
    mouth = np.concatenate((np.full(60, 0.40), np.full(60, 0.46)))
    brow = np.concatenate((np.full(60, 0.20), np.full(60, 0.22)))
    found = expression(mouth, brow, 60)
    assert found.calibration_applied
    assert found.baseline_smile_intensity == pytest.approx(0.40)
    assert found.baseline_eyebrow_position == pytest.approx(0.20)
    assert found.smile_intensity == pytest.approx(0.03)
    assert found.smile_variation == pytest.approx(0.03)
    assert found.eyebrow_movement_range == pytest.approx(0.01)


def test_a_short_video_has_no_calibration() -> None:
    found = expression(np.full(20, 0.4), np.full(20, 0.2), 60)
    assert not found.calibration_applied
    assert found.baseline_smile_intensity is None
    assert found.smile_intensity == 0


def test_no_face_no_expression() -> None:
    nothing = np.full(20, np.nan)
    assert expression(nothing, nothing, 60).smile_intensity is None


def test_a_narrower_mouth_is_no_negative_smile() -> None:
    mouth = np.concatenate((np.full(60, 0.40), np.full(60, 0.30)))
    assert expression(mouth, mouth, 60).smile_intensity == 0


def test_head_movement_is_mean_speed_over_20_degrees_a_second() -> None:
    times, zero = np.arange(0, 10, 0.1), np.zeros(100)
    assert head_movement_intensity(times, 10 * times, zero, zero) == pytest.approx(0.5, abs=0.03)
    assert head_movement_intensity(times, zero, zero, zero) == 0
    assert head_movement_intensity(times, 90 * times, zero, zero) == 1
    assert head_movement_intensity(times, zero * np.nan, zero, zero) is None


def test_jitter_is_no_movement() -> None:
    jitter = np.random.default_rng(0).normal(0, 0.3, 100)
    measured = head_movement_intensity(np.arange(0, 10, 0.1), jitter, jitter, jitter)
    assert measured is not None
    assert measured < 0.2


def test_screening_counts_each_suspicious_frame_once() -> None:
    gaze = np.array([1.0, 0.5, 1.7, 1.0, np.nan, 1.0, 0.5])
    head = np.array([0.5, 0.5, 0.5, 0.3, np.nan, 0.5, 0.7])
    faces = np.array([1, 1, 1, 1, 0, 2, 1], np.int32)
    found = screening(gaze, head, faces, np.array([0.9, np.nan, 0.8]), Limits())
    assert found.suspicious_frames == 6
    assert found.suspicious_percent == pytest.approx(600 / 7)
    assert found.average_confidence == pytest.approx(85)
    assert (found.min_confidence, found.max_confidence) == pytest.approx((80, 90))


def test_closed_eyes_are_not_suspicious() -> None:
    found = screening(np.array([np.nan]), np.array([0.5]), np.array([1], np.int32), np.zeros(0), Limits())
    assert (found.suspicious_frames, found.average_confidence) == (0, None)


def test_gaze_stability() -> None:
    assert gaze_stability(np.array([0.9, np.nan, 1.1])) == pytest.approx(0.1)
    assert gaze_stability(np.array([np.nan])) is None
