"""Whose face is made to move: the sample's portrait, and portraits from BENCH_DATA."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from bench.vision.puppet import Puppet, cropped
from scripts.make_sample.portrait import Picture
from services.vision.faces.face_landmarker import FaceLandmarker, Weights

PORTRAITS = ("biden2.jpg", "obama.jpg", "single_face.jpg")
"""Frontal photographs in `faces/images`."""


def puppets(landmarker: Path, data: Path | None) -> Iterator[tuple[str, Puppet]]:
    """Name and puppet of each face."""
    yield "sample", Puppet(landmarker)
    if data is None:
        return
    with FaceLandmarker(Weights.read(landmarker)) as faces:
        for name in PORTRAITS:
            picture = photograph(data / "faces/images" / name)
            height, width = picture.shape[:2]
            face = max(faces.detections(picture), key=lambda seen: seen.width * seen.height)
            box = face.left * width, face.top * height, face.width * width, face.height * height
            yield Path(name).stem, Puppet(landmarker, cropped(picture, box))


def photograph(path: Path) -> Picture:
    """RGB, shape (height, width, 3)."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise FileNotFoundError(path)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
