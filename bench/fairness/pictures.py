"""Which false alarms there are in the picture with glasses, a head scarf, darker and lighter skin, other light.

All of it is drawn onto recordings of a face: the sample answer and, where `BENCH_DATA` names them, clips of other
people. What the vision service says of each is compared with what it says of the recording as it is.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from bench.fairness.figures import share
from bench.material import SAMPLE
from bench.recordings.reader import Reading, Services
from servicekit.weights.resolver import resolve
from services.vision.faces.face_landmarker import FaceLandmarker, Weights
from services.vision.model import EventKind
from services.vision.settings import Settings

Rgb = NDArray[np.uint8]
Draw = Callable[[Rgb, NDArray[np.float64] | None], Rgb]
CLIPS = ("single_face.mp4", "WolfgangLanger_Pexels.mp4")
"""Of other people, in `BENCH_DATA`/faces/clips."""
LONGEST_S = 10.0
"""So much of each recording is read."""
QUALITY = {"crf": "20"}
HEAD = (
    "\n| drawn onto recordings of a face | n | with a new alarm | 95 % interval | new alarms | blinks | looks away "
    "| face in view |\n|---|---|---|---|---|---|---|---|"
)
TRUE = (EventKind.BLINK, EventKind.LOOKING_AWAY)
"""What people do; every other event is an alarm."""
EYES = (((33, 133), (159, 145)), ((263, 362), (386, 374)))
"""Landmarks at the corners and lids of either eye, as MediaPipe numbers them."""
OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149]
OVAL += [150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which the same person looks."""

    name: str
    draw: Draw
    short: bool = False


def glasses(rgb: Rgb, points: NDArray[np.float64] | None) -> Rgb:
    """Dark frames with a reflection on each lens."""
    if points is None:
        return rgb
    drawn, centres = rgb.copy(), []
    for corners, lids in EYES:
        centre = points[[*corners, *lids]].mean(axis=0)
        width = float(np.linalg.norm(points[corners[0]] - points[corners[1]]))
        axes = round(width * 0.85), round(width * 0.65)
        at = int(centre[0]), int(centre[1])
        cv2.ellipse(drawn, at, axes, 0, 0, 360, (25, 25, 30), max(2, round(width * 0.09)), cv2.LINE_AA)
        lens = drawn.copy()
        shine = (at[0] - axes[0] // 3, at[1] - axes[1] // 3), (axes[0] // 3, axes[1] // 4)
        cv2.ellipse(lens, *shine, 30, 0, 360, (255, 255, 255), -1)
        drawn = cv2.addWeighted(lens, 0.35, drawn, 0.65, 0).astype(np.uint8)
        centres.append((at, axes))
    (left, span), (right, _) = sorted(centres)
    cv2.line(drawn, (left[0] + span[0], left[1]), (right[0] - span[0], right[1]), (25, 25, 30), max(2, span[0] // 9))
    return drawn


def scarf(rgb: Rgb, points: NDArray[np.float64] | None) -> Rgb:
    """Cloth over hair, ears and neck that leaves the face free."""
    if points is None:
        return rgb
    oval = points[OVAL]
    centre = oval.mean(axis=0)
    outer = ((oval - centre) * (1.55, 1.5) + centre).astype(np.int32)
    covered = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(covered, [outer], 255)
    low = int(centre[1] + (oval[:, 1].max() - centre[1]) * 0.9)
    covered[low:, outer[:, 0].min() : outer[:, 0].max()] = 255
    cv2.fillPoly(covered, [oval.astype(np.int32)], 0)
    cloth = np.empty_like(rgb)
    cloth[:] = (70, 95, 120)
    cloth = (cloth * (0.85 + 0.15 * np.sin(np.arange(rgb.shape[1]) / 9.0))[None, :, None]).astype(np.uint8)
    return np.where(covered[..., None] > 0, cloth, rgb).astype(np.uint8)


def skin(factor: float) -> Draw:
    """The face lighter or darker by a factor; what is around stays."""

    def draw(rgb: Rgb, points: NDArray[np.float64] | None) -> Rgb:
        if points is None:
            return rgb
        face = np.zeros(rgb.shape[:2], np.float32)
        cv2.fillPoly(face, [points[OVAL].astype(np.int32)], 1.0)
        blend = np.asarray(cv2.GaussianBlur(face, (0, 0), 9))[..., None]
        lit = np.clip(rgb * factor, 0, 255)
        return np.asarray(np.rint(rgb * (1 - blend) + lit * blend), np.uint8)

    return draw


def gamma(exponent: float) -> Draw:
    """The whole picture darker (above 1) or lighter."""
    table = (255 * (np.arange(256) / 255) ** exponent).astype(np.uint8)
    return lambda rgb, _: np.asarray(cv2.LUT(rgb, table), np.uint8)


def from_one_side(rgb: Rgb, _: NDArray[np.float64] | None) -> Rgb:
    """Light from the left, the right in shadow."""
    return (rgb * np.linspace(1.15, 0.25, rgb.shape[1])[None, :, None]).clip(0, 255).astype(np.uint8)


LOOKS = (
    Look("as recorded", lambda rgb, _: rgb, short=True),
    Look("glasses", glasses),
    Look("head scarf", scarf),
    Look("skin at .75 of its light", skin(0.75)),
    Look("skin at .5 of its light", skin(0.5)),
    Look("skin at .35 of its light", skin(0.35)),
    Look("skin at 1.2 of its light", skin(1.2)),
    Look("dim room (gamma 2)", gamma(2.0)),
    Look("bright room (gamma .5)", gamma(0.5)),
    Look("light from one side", from_one_side),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the vision service says of a recording: events by kind, blinks, looks away, share of time with a face."""

    alarms: Counter[str]
    blinks: int
    away: int
    present: float


def show(short: bool = False) -> None:
    """Print a line for each look."""
    print(HEAD)
    looks = [each for each in LOOKS if each.short or not short]
    for row in rows(recordings(), looks):
        print(row, flush=True)


def recordings() -> list[Path]:
    """The sample answer, and the clips that are there."""
    clips = Path(os.environ.get("BENCH_DATA") or "/nowhere") / "faces" / "clips"
    return [SAMPLE / "answer_en.mp4", *(clips / name for name in CLIPS if (clips / name).is_file())]


def rows(sources: Sequence[Path], looks: Sequence[Look] = LOOKS) -> Iterator[str]:
    """Lines of the table; the first look is what the others are compared with."""
    services = Services()
    before: list[Seen] = []
    try:
        for look in looks:
            now = [seen(services, look, source) for source in sources]
            before = before or now
            yield _row(look.name, before, now)
    finally:
        services.close()


def seen(services: Services, look: Look, source: Path) -> Seen:
    """A recording with this drawn on it, as the vision service sees it."""
    with tempfile.TemporaryDirectory() as folder:
        reading = Reading(services, drawn_on(look.draw, source, Path(folder) / "look.mp4"), "en")
        events = [event.kind for event in reading.events(*EventKind)]
        alarms = Counter(kind.name.lower() for kind in events if kind not in TRUE)
        blinks, away = (events.count(kind) for kind in TRUE)
        return Seen(alarms, blinks, away, reading.picture.face_present_ratio)


def _row(name: str, before: Sequence[Seen], now: Sequence[Seen]) -> str:
    new = [found.alarms - known.alarms for found, known in zip(now, before, strict=True)]
    alarmed, told = sum(map(bool, new)), sum(new, Counter[str]())
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(told.items())) or "none"
    low, high = share(alarmed, len(new))
    blinks, away = (
        f"{sum(was)} → {sum(now_)}"
        for was, now_ in (
            ([s.blinks for s in before], [s.blinks for s in now]),
            ([s.away for s in before], [s.away for s in now]),
        )
    )
    present = f"{np.mean([s.present for s in now]):.0%}"
    return f"| {name} | {len(new)} | {alarmed} | {low:.0%} to {high:.0%} | {kinds} | {blinks} | {away} | {present} |"


def drawn_on(draw: Draw, source: Path, path: Path) -> Path:
    """The first seconds of a recording with this drawn on every picture; writes it to `path`, without sound."""
    settings = Settings()
    weights = Weights.read(resolve(settings.model, settings.model_dir).main_file)
    with FaceLandmarker(weights) as landmarker, av.open(str(source)) as opened, av.open(str(path), "w") as output:
        shown = opened.streams.video[0]
        width, height, rate = shown.width // 2 * 2, shown.height // 2 * 2, shown.average_rate
        stream = output.add_stream("libx264", rate=rate, width=width, height=height, pix_fmt="yuv420p", options=QUALITY)
        for frame in takewhile(lambda each: (each.time or 0.0) < LONGEST_S, opened.decode(video=0)):
            rgb = np.ascontiguousarray(frame.to_ndarray(format="rgb24")[:height, :width], np.uint8)
            face = landmarker.face(rgb)
            drawn = av.VideoFrame.from_ndarray(draw(rgb, None if face is None else face.points[:, :2]), format="rgb24")
            drawn.pts, drawn.time_base = frame.pts, frame.time_base
            output.mux(stream.encode(drawn))
        output.mux(stream.encode(None))
    return path
