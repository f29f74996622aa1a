"""Faces per second: real clips and photographs, and pictures joined from several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bench.vision.acts import Act, random_blinks
from bench.vision.clips import noisy, steady
from bench.vision.faces import photograph
from bench.vision.material import RATE_HZ, Material
from bench.vision.row import Row
from bench.vision.watching import Watched, watched
from scripts.make_sample.portrait import Picture
from services.vision.model import EventKind, VisionAnalyzer

LEAST_SHARE = 0.98
STILL_S, STILL_RATE_HZ, JOINED_S = 4.0, 10.0, 10.0
CLIPS: tuple[tuple[str, Callable[[float], int]], ...] = (
    ("single_face.mp4", lambda _: 1),
    ("no_face.mp4", lambda _: 0),
    ("face_noface.mov", lambda time_s: int(time_s < 72 / 26.4)),
    ("noface_face.mov", lambda time_s: int(time_s >= 96 / 26.5)),
    ("WolfgangLanger_Pexels.mp4", lambda _: 1),
)
PHOTOGRAPHS = (
    ("multi_face.jpg", {5}),
    ("single_face.jpg", {1}),
    ("0-f1-su-ph.jpg", {1}),
    ("15-f13-anc-ph.jpg", {1}),
    ("45-m7-di-ph.jpg", {1}),
    ("Image_with_alpha.png", {1}),
    ("BWPictureHuman.jpg", {1}),
    ("free-mountain-vector-01.jpg", {0}),
    ("biden.jpg", {1}),
    ("biden2.jpg", {1}),
    ("obama.jpg", {1}),
    ("obama-480p.jpg", {1}),
    ("obama_partial_face.jpg", {0, 1}),
    ("obama_and_biden.jpg", {2, 3}),
)
SMALL_SHARES = (0.5, 0.3)
"""Sizes of a second person's picture in the joined ones."""
POSTER_SHARE = 0.5
POSTERS = {"beside a person who moves": 1.0, "beside a person who sits still": 0.1}


@dataclass(frozen=True, slots=True)
class Case:
    """A clip and the counts that are right at a time."""

    path: Path
    right: Callable[[float], set[int]]


def rows(material: Material, model: VisionAnalyzer) -> Iterator[Row]:
    """Real ones and joined ones apart."""
    if material.data is not None:
        yield _row("faces per second: clips and photographs", [*_clips(material), *_photographs(material)], model)
    yield _row("faces per second: joined", list(_joined(material)), model)
    for name, liveliness in POSTERS.items():
        yield _row(f"faces per second: a portrait on the wall {name}", list(_posters(material, liveliness)), model)


def _row(what: str, cases: list[Case], model: VisionAnalyzer) -> Row:
    good, total, false, wrong = 0, 0, 0, []
    for case in cases:
        seen = watched(model, case.path)
        checks = [int(case_right) for case_right in _seconds(case, seen)]
        good, total = good + sum(checks), total + len(checks)
        if not all(checks):
            wrong.append(f"{case.path.stem} {sum(checks)}/{len(checks)}")
        if all(case.right(second) <= {0, 1} for second in range(len(checks))):
            false += len(seen.spans(EventKind.SECOND_FACE))
    text = f"{good / total:.1%} of {total} s right, {false} false second faces. {'; '.join(wrong)}"
    return Row(what, text, f"{LEAST_SHARE:.0%}, 0 false", "", good / total >= LEAST_SHARE and false == 0)


def _seconds(case: Case, seen: Watched) -> Iterator[bool]:
    """Whether the second's usual count is right, leaving out seconds in which the truth changes."""
    counts, times_s = seen.column("face_count"), seen.times_s
    for second in range(max(1, int(seen.summary.duration_s))):
        here = counts[(times_s >= second) & (times_s < second + 1)]
        if here.size and case.right(second) == case.right(second + 0.99):
            yield round(float(np.median(here))) in case.right(second + 0.5)


def _clips(material: Material) -> Iterator[Case]:
    assert material.data is not None
    for name, count in CLIPS:
        yield Case(material.data / "faces/clips" / name, lambda time_s, count=count: {count(time_s)})  # type: ignore[misc]


def _photographs(material: Material) -> Iterator[Case]:
    assert material.data is not None
    times_s = steady(STILL_S, STILL_RATE_HZ)
    for name, right in PHOTOGRAPHS:
        picture = _smaller(photograph(material.data / "faces/images" / name), 1280)
        pictures = (noisy(picture, round(1000 * time_s)) for time_s in times_s)
        path = material.made(f"photograph-{Path(name).stem}", times_s, lambda pictures=pictures: pictures)  # type: ignore[misc]
        yield Case(path, lambda _time_s, right=right: right)  # type: ignore[misc]


def _joined(material: Material) -> Iterator[Case]:
    """A second person from 3 to 7 s: beside the first one, or smaller in a corner behind."""
    faces = list(material.puppets)
    times_s = steady(JOINED_S, RATE_HZ)
    for number, first in enumerate(faces):
        second = faces[(number + 1) % len(faces)]
        for share in (1.0, *SMALL_SHARES):

            def pictures(first: str = first, second: str = second, share: float = share) -> Iterator[Picture]:
                act = Act(JOINED_S, random_blinks(JOINED_S, 90))
                for time_s in times_s:
                    picture = material.puppets[first].posed(*act.pose(time_s))
                    other = material.puppets[second].posed(*act.pose(time_s + 40.0))
                    shown = beside(picture, other, share, shown=3.0 <= time_s < 7.0)
                    yield noisy(shown, round(1000 * time_s))

            path = material.made(f"joined-{first}-{share:.1f}", times_s, pictures)
            yield Case(path, lambda time_s: {2} if 3.0 <= time_s < 7.0 else {1})


def _posters(material: Material, liveliness: float) -> Iterator[Case]:
    """A portrait on the wall beside a person: one face."""
    faces, times_s = list(material.puppets), steady(JOINED_S, RATE_HZ)
    for number, first in enumerate(faces):
        poster = material.puppets[faces[(number + 1) % len(faces)]].still()

        def pictures(first: str = first, poster: Picture = poster) -> Iterator[Picture]:
            act = Act(JOINED_S, random_blinks(JOINED_S, 91), liveliness=liveliness)
            for time_s in times_s:
                whole = beside(material.puppets[first].posed(*act.pose(time_s)), poster, POSTER_SHARE, shown=True)
                yield noisy(whole, round(1000 * time_s))

        yield Case(material.made(f"poster-{liveliness:.1f}-{first}", times_s, pictures), lambda _time_s: {1})


def beside(picture: Picture, other: Picture, share: float, *, shown: bool) -> Picture:
    """Another picture on the right at this share of its size, or grey."""
    small = _smaller(other, round(other.shape[1] * share))
    ground = np.full((picture.shape[0], small.shape[1], 3), 110, np.uint8)
    if shown:
        ground[: small.shape[0]] = small
    return np.hstack((picture, ground))


def _smaller(picture: Picture, width_px: int) -> Picture:
    scale = min(1.0, width_px / picture.shape[1])
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
