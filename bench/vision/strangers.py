"""Persons on whom no constant was set: other photographs and frames of the clips in BENCH_DATA, as puppets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from bench.vision.faces import photograph
from bench.vision.puppet import Puppet, cropped
from scripts.make_sample.portrait import Picture
from services.vision.faces.face_landmarker import FaceLandmarker, Weights
from services.vision.picture.frames import frames


@dataclass(frozen=True, slots=True)
class Stranger:
    """Where a person is shown: a photograph, or a clip at a time; of several people the how-manieth from the left.

    `eyes_seen` is false where nothing shows that lids close: eyes squeezed by laughter, behind a hand.
    """

    file: str
    at_s: float = 0.0
    of_several: int | None = None
    eyes_seen: bool = True


STRANGERS = {
    "astonished": Stranger("images/0-f1-su-ph.jpg"),
    "frowning": Stranger("images/15-f13-anc-ph.jpg"),
    "bearded": Stranger("images/Image_with_alpha.png", eyes_seen=False),
    "monochrome": Stranger("clips/WolfgangLanger_Pexels.mp4", at_s=7.0),
    "webcam": Stranger("clips/face_noface.mov", at_s=0.6),
    "group-1": Stranger("images/multi_face.jpg", of_several=1),
    "group-2": Stranger("images/multi_face.jpg", of_several=3),
    "group-3": Stranger("images/multi_face.jpg", of_several=2),
    "group-4": Stranger("images/multi_face.jpg", of_several=4),
}
WALL = 120
"""Brightness of a plain wall."""


def strangers(landmarker: Path, data: Path) -> Iterator[tuple[str, Puppet]]:
    """Name and puppet of each person."""
    with FaceLandmarker(Weights.read(landmarker)) as faces:
        for name, who in STRANGERS.items():
            yield name, Puppet(landmarker, _portrait(faces, data / "faces", who))


def _portrait(faces: FaceLandmarker, folder: Path, who: Stranger) -> Picture:
    path = folder / who.file
    picture = photograph(path) if path.suffix in (".jpg", ".png") else _frame(path, who.at_s)
    height, width = picture.shape[:2]
    found = sorted(faces.detections(picture), key=lambda seen: seen.left)
    largest = max(found, key=lambda seen: seen.width * seen.height)
    seen = largest if who.of_several is None else found[who.of_several]
    box = seen.left * width, seen.top * height, seen.width * width, seen.height * height
    return cropped(picture if who.of_several is None else _alone(picture, box), box, cv2.BORDER_REPLICATE)


def _alone(picture: Picture, box: tuple[float, float, float, float]) -> Picture:
    """The face and its hair before a plain wall: others stand close by."""
    left, top, width, height = box
    head = np.zeros(picture.shape[:2], np.float32)
    centre, axes = (round(left + width / 2), round(top + 0.4 * height)), (round(0.75 * width), round(1.0 * height))
    cv2.ellipse(head, centre, axes, 0, 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(head, (0, 0), 0.04 * width)[..., None]
    return np.asarray(soft * picture + (1 - soft) * WALL, np.uint8)


def _frame(path: Path, at_s: float) -> Picture:
    shown = (frame.rgb() for frame in frames(path, long_side_px=960, threads=1) if frame.offset_s >= at_s)
    return next(islice(shown, 1))
