"""dlib's face descriptor: whether two pictures show the same person, without knowing who it is."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import dlib
import numpy as np

from services.vision.faces.geometry import Face
from services.vision.model import Floats
from services.vision.picture.frames import Pixels

RUNTIME = f"dlib {version('dlib-bin')}"
FIVE_POINTS = (263, 362, 33, 133, 2)
"""Landmarks of dlib's five-point shape: the corners of both eyes from outside to inside, and the bottom of the nose."""


class FaceIdentity:
    """One network; not for several threads at the same time."""

    def __init__(self, weights: Path) -> None:
        """Read the weights; takes about 0.2 s."""
        self._network = dlib.face_recognition_model_v1(str(weights))

    def descriptor(self, rgb: Pixels, face: Face) -> Floats:
        """128 numbers; two pictures of a person are under 0.6 apart. About 60 ms."""
        corners = [dlib.point(round(face.points[i, 0]), round(face.points[i, 1])) for i in FIVE_POINTS]
        (left, top), (right, bottom) = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
        around = dlib.rectangle(int(left), int(top), int(right), int(bottom))
        shape = dlib.full_object_detection(around, corners)
        return np.array(self._network.compute_face_descriptor(np.ascontiguousarray(rgb), shape), np.float64)
