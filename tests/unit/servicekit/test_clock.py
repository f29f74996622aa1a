from __future__ import annotations

import numpy as np
import pytest

from servicekit.recording.clock import Packets, shifts
from servicekit.recording.spans import holes, merged, shared_s
from servicekit.recording.survey import drift


def clock(zero_s: float, *packets: tuple[int, float]) -> list[float]:
    """When each packet (track and stamp, all 1 s long) is, None shown as NaN."""
    tracks, stamps = np.array([p[0] for p in packets], np.int32), np.array([p[1] for p in packets])
    given = Packets(tracks, stamps, stamps, np.ones(len(packets)))
    times: list[float] = (stamps + shifts(given, zero_s)).tolist()
    return times


def test_zero_is_where_the_file_starts() -> None:
    assert clock(3600.0, (0, 3600.0), (1, 3602.0), (0, 3601.0)) == [0.0, 2.0, 1.0]
    assert clock(-5.0, (0, -5.0), (0, -4.0)) == [0.0, 1.0]


def test_stamps_that_jump_back_go_on_where_the_first_recording_ended() -> None:
    times = clock(0.0, (0, 0.0), (1, 0.0), (0, 5.0), (1, 6.0), (0, 0.0), (1, 0.5), (0, 1.0))
    assert times == [0.0, 0.0, 5.0, 6.0, 7.0, 7.5, 8.0]


def test_a_track_that_jumps_back_twice_rises_twice() -> None:
    times = clock(0.0, *[(0, stamp_s) for stamp_s in (0.0, 1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 3.0, 0.0)])
    assert times == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]


def test_a_clock_that_is_set_ahead_leaves_no_gap() -> None:
    assert clock(0.0, (0, 0.0), (0, 1.0), (0, 90_000.0), (0, 90_001.0)) == [0.0, 1.0, 2.0, 3.0]
    assert clock(0.0, (0, 0.0), (0, 1.0), (0, 9_000.0), (0, 9_001.0)) == [0.0, 1.0, 9_000.0, 9_001.0]


def test_a_single_wild_stamp_is_left_out() -> None:
    back = clock(0.0, (0, 0.0), (0, 10.0), (0, 0.1), (0, 11.0))
    ahead = clock(0.0, (0, 0.0), (0, 10.0), (0, 9000.0), (0, 11.0))
    for times in (back, ahead):
        assert np.isnan(times[2])
        assert times[3] == 11.0


def test_stamps_out_of_order_by_little_are_no_other_recording() -> None:
    assert clock(0.0, (0, 0.0), (0, 1.0), (0, 0.9), (0, 2.0)) == [0.0, 1.0, 0.9, 2.0]


def test_a_packet_without_a_stamp_has_no_time() -> None:
    assert np.isnan(clock(0.0, (0, 0.0), (0, np.nan), (0, 1.0))[1])


@pytest.mark.parametrize("rate", [0.9, 1.1])
def test_steady_drift_is_found(rate: float) -> None:
    lengths = np.full(500, 0.02)
    assert drift(rate * lengths, lengths, 1e-5) == pytest.approx(rate)


def test_lost_packets_and_rounded_lengths_are_no_drift() -> None:
    lengths = np.full(500, 0.02)
    lossy = np.where(np.arange(500) % 10 == 0, 0.04, 0.02)
    assert drift(lossy, lengths, 1e-5) == 1.0
    assert drift(np.full(500, 0.021333), np.full(500, 0.021), 1e-3) == 1.0


def test_holes_are_what_nothing_covers() -> None:
    assert holes([(2.0, 4.0), (3.0, 5.0), (5.2, 8.0)], 10.0, 1.0) == [(0.0, 2.0), (8.0, 10.0)]
    assert holes([], 3.0, 1.0) == [(0.0, 3.0)]
    assert merged([(3.0, 4.0), (0.0, 1.0), (1.1, 2.0)], 0.2) == [(0.0, 2.0), (3.0, 4.0)]
    assert shared_s((0.0, 10.0), [(-1.0, 1.0), (9.0, 12.0)]) == 2.0
