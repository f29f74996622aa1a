from __future__ import annotations

import numpy as np
import pytest

from services.vision.faces.identities import CHANGED, DIFFERENT, change_events, typical
from services.vision.model import EventKind, Flags, Floats, VisionEvent
from services.vision.series import Identities
from tests.support.vision import LIMITS, camera, faces, series

SCATTER = 0.02


def looks(*people: int, apart: float = 0.8) -> Identities:
    """A descriptor every ten seconds; two people are so far apart."""
    random = np.random.default_rng(1)
    rows = np.zeros((len(people), 128))
    for row, person in enumerate(people):
        rows[row, person] = apart / 2**0.5
    scattered: Floats = (rows + random.normal(0, SCATTER, rows.shape)).astype(np.float64)
    return Identities(np.arange(len(people), dtype=np.float64) * 10, scattered)


def changes(seen: Identities, end_s: float) -> list[VisionEvent]:
    return change_events(series(identities=seen, end_s=end_s), LIMITS)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 12])
def test_one_person_stays(count: int) -> None:
    assert changes(looks(*[0] * count), 10.0 * count) == []


def test_another_person_from_the_middle_on() -> None:
    (event,) = changes(looks(0, 0, 0, 1, 1, 1), 60.0)
    assert event.kind is EventKind.PERSON_CHANGED
    assert (event.span.start_s, event.span.end_s, event.peak_s) == (25.0, 60.0, 30.0)
    assert event.strength == pytest.approx(0.85, abs=0.06)
    assert 0.9 < event.confidence <= 1


def alike(times: Floats, present: bool | Flags = True, difference: float | Floats = 1.0) -> list[VisionEvent]:
    """Somebody who looks alike from 25 s on; with the scatter the two are 0.56 apart."""
    seen = faces(times, yaw_deg=np.where(present, 0.0, np.nan))
    looked = looks(0, 0, 0, 1, 1, 1, apart=0.46)
    whole = series(seen, filmed=camera(times, difference=difference), identities=looked, end_s=60.0)
    return change_events(whole, LIMITS)


def test_somebody_who_looks_alike_comes_while_nobody_is_there() -> None:
    times = np.arange(0, 60, 0.2)
    (event,) = alike(times, present=(times < 24) | (times > 26))
    assert (event.span.start_s, event.span.end_s) == (25.0, 60.0)
    assert CHANGED < event.strength < DIFFERENT


def test_somebody_who_looks_alike_comes_with_a_cut() -> None:
    times = np.arange(0, 60, 0.2)
    assert len(alike(times, difference=np.where(np.abs(times - 25) < 0.1, 45.0, 1.0))) == 1


def test_glasses_that_are_put_on_are_nobody_else() -> None:
    """As far apart as people who look alike, but the candidate never leaves the picture."""
    times = np.arange(0, 60, 0.2)
    assert alike(times) == []
    assert alike(times, present=(times < 4) | (times > 6)) == []


def spans(seen: Identities) -> list[tuple[float, float]]:
    end_s = 10.0 * len(seen.offset_s)
    return [(event.span.start_s, event.span.end_s) for event in changes(seen, end_s)]


@pytest.mark.parametrize("minute", range(1, 6))
def test_a_minute_of_another_person_inside_six(minute: int) -> None:
    """Looks every ten seconds: six of them are somebody else's."""
    people = [0] * 36
    people[6 * minute : 6 * minute + 6] = [1] * 6
    start_s = 60.0 * minute - 5
    assert spans(looks(*people)) == [(start_s, min(start_s + 60, 360) if minute < 5 else 360)]


def test_a_stand_in_for_most_of_the_time() -> None:
    assert spans(looks(0, 0, *[1] * 12, 0, 0)) == [(15, 135)]


def test_a_stand_in_who_comes_twice_and_a_third_person() -> None:
    assert spans(looks(0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0)) == [(25, 45), (65, 95)]
    assert spans(looks(0, 0, 0, 1, 1, 2, 2, 2)) == [(25, 45), (45, 80)]


def test_an_odd_look_does_not_divide_a_stay() -> None:
    assert spans(looks(0, 0, 1, 1, 2, 1, 1, 0, 0)) == [(15, 65)]


def test_light_that_changes_slowly_is_no_other_person() -> None:
    """From the first to the last look the descriptor wanders as far as between two people."""
    seen = looks(*[0] * 40)
    share = np.linspace(0, 1, 40)[:, None] * np.pi / 2
    wandered = seen.descriptors.copy()
    wandered[:, :2] = 0.8 / 2**0.5 * np.hstack((np.cos(share), np.sin(share)))
    assert spans(Identities(seen.offset_s, wandered)) == []


def test_one_odd_look_is_no_change() -> None:
    assert changes(looks(0, 0, 1, 0, 0), 50.0) == []
    assert changes(looks(0, 0, 0, 0, 1), 50.0) == []


def test_the_typical_look_is_one_of_the_many() -> None:
    found = typical(looks(0, 1, 0, 0))
    assert found is not None
    assert found[0] > 0.4
    assert typical(looks()) is None


def test_hours_of_looks_are_thinned() -> None:
    (event,) = changes(looks(*[0] * 700, *[1] * 500), 12_000.0)
    assert event.span.start_s == pytest.approx(7000, abs=60)
