"""Which false alarms there are in the picture with glasses, a head scarf, darker and lighter skin, other light.

All of it is drawn onto the sample answer, whose truth is known: one look away and some blinks, nothing else.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.material import SAMPLE
from bench.recordings.reader import Reading, Services
from bench.recordings.remuxing import redrawn
from servicekit.weights.resolver import resolve
from services.vision.faces.face_landmarker import FaceLandmarker, Weights
from services.vision.model import EventKind, VisionEvent
from services.vision.settings import Settings

Rgb = NDArray[np.uint8]
Draw = Callable[[Rgb, NDArray[np.float64] | None], Rgb]
SOURCE = SAMPLE / "answer_en.mp4"
HEAD = "\n| the sample answer, drawn on | blinks | looks away | false alarms | face in view |\n|---|---|---|---|---|"
TRUE = (EventKind.BLINK, EventKind.LOOKING_AWAY)
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
        share = np.asarray(cv2.GaussianBlur(face, (0, 0), 9))[..., None]
        lit = np.clip(rgb * factor, 0, 255)
        return np.asarray(rgb * (1 - share) + lit * share, np.uint8)

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


def show(short: bool = False) -> None:
    """Print a line for each look."""
    print(HEAD)
    for row in rows(short):
        print(row, flush=True)


def rows(short: bool = False) -> Iterator[str]:
    """What the vision service says of each look."""
    services = Services()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for number, look in enumerate(each for each in LOOKS if each.short or not short):
                yield _row(services, look, Path(folder) / f"look{number}.mp4")
    finally:
        services.close()


def _row(services: Services, look: Look, path: Path) -> str:
    reading = Reading(services, drawn_on(look.draw, path), "en")
    alarms: Counter[str] = Counter(event.kind.name.lower() for event in false_alarms(reading.events(*EventKind)))
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(alarms.items())) or "none"
    blinks, away = (len(reading.events(kind)) for kind in TRUE)
    return f"| {look.name} | {blinks} | {away} | {told} | {reading.picture.face_present_ratio:.0%} |"


def false_alarms(events: list[VisionEvent]) -> list[VisionEvent]:
    """What is not in the sample."""
    return [event for event in events if event.kind not in TRUE]


def drawn_on(draw: Draw, path: Path) -> Path:
    """The sample answer with this drawn on every picture; writes it to `path`."""
    settings = Settings()
    weights = Weights.read(resolve(settings.model, settings.model_dir).main_file)
    with FaceLandmarker(weights) as landmarker:

        def drawn(rgb: Rgb) -> Rgb:
            face = landmarker.face(np.ascontiguousarray(rgb))
            return draw(rgb, None if face is None else face.points[:, :2])

        return redrawn(SOURCE, path, drawn)
