from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.transcriber.windows import (
    LONGEST,
    Chunk,
    Recording,
    clips,
    cut,
    is_audible,
    joined,
    shifted,
    size,
    span,
    windows,
)

PADDING = SAMPLE_RATE_HZ
NOISE = np.random.default_rng(1).normal(0, 0.1, 400 * SAMPLE_RATE_HZ).astype(np.float32)


def noise(seconds: float) -> NDArray[np.float32]:
    return NOISE[: int(seconds * SAMPLE_RATE_HZ)].copy()


def chunk(start_s: float, end_s: float) -> Chunk:
    return {"start": int(start_s * SAMPLE_RATE_HZ), "end": int(end_s * SAMPLE_RATE_HZ)}


def seconds(window: list[Chunk]) -> list[tuple[float, float]]:
    return [(c["start"] / SAMPLE_RATE_HZ, c["end"] / SAMPLE_RATE_HZ) for c in window]


def test_speech_is_padded_within_the_recording_and_halfway_to_its_neighbours() -> None:
    (found,) = windows(noise(20.0), [chunk(0.4, 3.0), chunk(4.0, 8.0), chunk(12.0, 19.5)], PADDING)
    assert seconds(found) == [(0.0, 3.5), (3.5, 9.0), (11.0, 20.0)]


def test_stretches_are_packed_in_order() -> None:
    found = windows(noise(100.0), [chunk(2, 14), chunk(20, 32), chunk(40, 52), chunk(60, 62)], PADDING)
    assert [seconds(w) for w in found] == [[(1, 15), (19, 33)], [(39, 53), (59, 63)]]


def test_a_long_stretch_is_cut_where_it_is_quiet() -> None:
    sound = noise(50.0)
    sound[int(22.0 * SAMPLE_RATE_HZ) : int(22.6 * SAMPLE_RATE_HZ)] = 0
    first, second = windows(sound, [chunk(0, 50)], 0)
    assert first[0]["end"] == second[0]["start"]
    assert first[0]["end"] / SAMPLE_RATE_HZ == pytest.approx(22.3, abs=0.06)


@given(st.floats(0.5, 400.0))
def test_pieces_cover_a_stretch_and_none_is_too_long_or_too_short(length_s: float) -> None:
    sound = noise(length_s)
    pieces = [c for w in windows(sound, [{"start": 0, "end": sound.size}], PADDING) for c in w]
    assert (pieces[0]["start"], pieces[-1]["end"]) == (0, sound.size)
    assert all(a["end"] == b["start"] for a, b in itertools.pairwise(pieces))
    assert all(size([piece]) <= LONGEST for piece in pieces)
    if len(pieces) > 1:
        assert min(size([piece]) for piece in pieces) > 9.5 * SAMPLE_RATE_HZ


def test_nothing_said_is_nothing_decoded() -> None:
    assert windows(noise(3.0), [], PADDING) == []


def test_clips_of_a_group_stand_one_after_the_other() -> None:
    group = [[chunk(2, 5), chunk(7, 8)], [chunk(20, 30)]]
    assert clips(group) == [{"start": 0.0, "end": 4.0}, {"start": 4.0, "end": 14.0}]
    recording = Recording(noise(40.0), (), group)
    assert recording.samples([c for w in group for c in w]).size == 14 * SAMPLE_RATE_HZ
    assert recording.duration_s == 40.0


def test_speech_over_the_border_of_two_blocks_is_one() -> None:
    found = [chunk(1, 5), *shifted([chunk(0, 2), chunk(8, 9)], 6 * SAMPLE_RATE_HZ)]
    assert seconds(joined(found, int(1.5 * SAMPLE_RATE_HZ))) == [(1, 8), (14, 15)]
    assert joined([], 1) == []


def test_speech_in_a_window() -> None:
    recording = Recording(noise(40.0), (Span(2.0, 5.0), Span(7.0, 12.0)), [])
    assert recording.speech_s([chunk(1.0, 6.0), chunk(6.0, 10.0)]) == pytest.approx(6.0)


def test_what_can_be_heard() -> None:
    assert is_audible(noise(0.1))
    assert not is_audible(np.zeros(100, np.float32))
    assert not is_audible(np.zeros(0, np.float32))
    assert (span(chunk(1.0, 2.5)).start_s, span(chunk(1.0, 2.5)).end_s) == (1.0, 2.5)


def test_a_window_is_cut_where_it_is_quiet_near_the_change() -> None:
    sound = noise(40.0)
    sound[int(20.8 * SAMPLE_RATE_HZ) : int(21.4 * SAMPLE_RATE_HZ)] = 0
    first, second = cut(sound, [chunk(2, 8), chunk(14, 30)], [12.0])
    ((a, b), (c, d)), ((e, f),) = seconds(first), seconds(second)
    assert (a, b, c, f) == (2, 8, 14, 30)
    assert d == e == pytest.approx(21.1, abs=0.06)


def test_a_cut_between_two_stretches_leaves_both_whole() -> None:
    first, second = cut(noise(30.0), [chunk(2, 8), chunk(14, 20)], [7.0])
    assert (seconds(first), seconds(second)) == ([(2, 8)], [(14, 20)])


@given(st.lists(st.floats(3.0, 27.0), min_size=1, max_size=3).map(sorted))
def test_cuts_lose_nothing(at_s: list[float]) -> None:
    window = [chunk(1, 9), chunk(12, 20), chunk(25, 39)]
    parts = cut(noise(40.0), window, at_s)
    assert len(parts) == len(at_s) + 1
    assert sum(map(size, parts)) == size(window)
    edges = [c for part in parts for c in part]
    assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(edges))
