"""The material of the vision bench: what should stay as it is does."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.vision.cameras import tilted
from bench.vision.left_out import blinked
from bench.vision.puppet import REST, Layer, Points, Puppet
from bench.vision.scores import Score
from bench.vision.strangers import STRANGERS
from bench.vision.variations import DIM_BRIGHT, VARIATIONS
from scripts.make_sample.portrait import HEIGHT, WIDTH, Picture, Pose
from servicekit.weights.folder import default_model_dir
from servicekit.weights.resolver import resolve
from servicekit.wire import Span

SHUT = Pose(1.0, 0.0, 0.0, 0.0, (0.0, 0.0), 0.0)
RED = (255, 0, 0, 255)


def rims(_points: Points) -> Layer:
    """A bar over everything that blinks."""
    worn = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    cv2.rectangle(worn, (0, 0), (WIDTH, HEIGHT), RED, 9)
    worn[::12] = RED
    return worn


def red(picture: Picture) -> np.ndarray:
    return np.asarray((picture == RED[:3]).all(axis=2))


@pytest.mark.model
def test_lids_that_close_leave_glasses_where_they_are() -> None:
    person = Puppet(resolve("face-landmarker", default_model_dir()).main_file)
    glasses = person.wearing(rims)
    awake, asleep = glasses.frame(REST), glasses.frame(SHUT)
    assert red(awake).any()
    assert np.array_equal(red(awake), red(asleep))
    assert (awake != asleep).any()
    assert not red(person.frame(REST)).all()


def test_evening_light_leaves_a_dark_portrait_as_it_is() -> None:
    dim = VARIATIONS["evening light"].taken
    assert dim is not None
    bright, dark = (np.full((HEIGHT, WIDTH, 3), level, np.uint8) for level in (200, 70))
    assert int(dim(bright)[0, 0, 0]) == pytest.approx(DIM_BRIGHT, abs=1)
    assert np.array_equal(dim(dark), dark)


def test_a_tilted_print_is_at_rest_nowhere_but_stays_in_the_picture() -> None:
    still = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    cv2.circle(still, (WIDTH // 2, HEIGHT // 2), 40, (255, 255, 255), -1)
    views = [tilted(still, at_s) for at_s in (0.0, 1.0, 2.5)]
    middles = [np.argwhere(view[..., 0] > 128).mean(axis=0) for view in views]
    assert all(abs(middle - (HEIGHT / 2, WIDTH / 2)).max() < 12 for middle in middles)
    assert not np.array_equal(views[0], views[1])


def test_most_of_the_strangers_show_their_eyes() -> None:
    assert sum(who.eyes_seen for who in STRANGERS.values()) >= 8


def test_a_blink_at_the_edge_of_a_look_away_is_neither_missed_nor_false() -> None:
    """The look is from 5.0 to 7.5 s; the head turns before and after it."""
    truth = [Span(1.0, 1.2), Span(4.44, 4.61)]
    assert blinked(truth, [Span(1.05, 1.15), Span(4.46, 4.59)]) == Score(1, 0, 0)
    assert blinked(truth, [Span(2.0, 2.2), Span(6.0, 6.2)]) == Score(0, 1, 1)
