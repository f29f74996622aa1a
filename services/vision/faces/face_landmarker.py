"""MediaPipe's FaceLandmarker and the face detector that it carries."""

from __future__ import annotations

import ctypes
import zipfile
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2
import mediapipe
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions
from mediapipe.tasks.python.vision.face_landmarker import MpFaceLandmarkerResultC
from numpy.typing import NDArray

from servicekit.weights.errors import WeightsError
from services.vision.faces.face_identity import FaceIdentity
from services.vision.faces.geometry import SAME_FACE_OVERLAP, Detection, Face, distinct, overlap
from services.vision.model import Floats
from services.vision.picture.frames import Pixels

RUNTIME = f"mediapipe {version('mediapipe')}"
STAMP_STEP_MS = 4000
"""Time that the landmarker believes to pass between two frames. With true times it smooths over frames, which
flattens blinks; 100 times the usual step switches that off. Counting calls also allows to look at an earlier frame."""

DETECTOR_MEMBER = "face_detector.tflite"
DETECTOR_MIN_SCORE = 0.5
"""MediaPipe's own default."""
WHOLE = (0.0, 0.0, 1.0)
TILES = (((0.0, 0.0, 0.6), (0.4, 0.4, 0.6)), ((0.4, 0.0, 0.6), (0.0, 0.4, 0.6)))
"""Left, top and side of the parts that the detector is shown, as shares of the picture; half of them at each look."""
FOLLOWED_LOOKS, FOLLOWED_PARTS = 10, 2
"""Where only a tile showed a face clearly, the detector is shown its surroundings at each of so many looks; this many
places are followed."""
CLOSE_WIDTHS, CLOSE_SIDES = 4.0, (0.25, 0.6)
"""Side of these surroundings in face widths, and its limits as shares of the picture."""

CLEAR_SCORE = 0.70
"""Detector score from which a face need not be looked at closely; as `second_face_score`."""
CONFIRM_MARGIN = 2.2
"""Side of the crop around another face, in face widths, in which landmarks must be found too."""
CONFIRM_SIDE_PX, CONFIRM_OVERLAP = 256, 0.5
"""The crop is scaled to the landmark model's input, and half of the smaller box must be shared."""
BLANK_SIDE_PX = 128
"""Any size without a face."""
EDGE_SHARE = 0.2
"""A face whose middle is nearer to the edge of its surroundings than this share of their side may leave them."""
GAZE_SHAPES, SCORE_COLUMN = range(11, 19), 1
"""Places of the eyeLook shapes among the 52, the only ones used, and of the score in their structs."""
Tile = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """The `.task` bundle and the detector inside it."""

    landmarker: bytes
    detector: bytes

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a `.task` file. Raises WeightsError when it is none."""
        try:
            with zipfile.ZipFile(path) as bundle:
                return cls(path.read_bytes(), bundle.read(DETECTOR_MEMBER))
        except (KeyError, zipfile.BadZipFile):
            raise WeightsError(f"{path} is no face_landmarker.task: it holds no {DETECTOR_MEMBER}.") from None


class FaceLandmarker:
    """Looks at the frames of one video after the other; a context manager that lets go of the models.

    MediaPipe does not give back all memory of a closed model (about 3 MB each), so `forget` makes one fit for the next
    video instead. Not for several videos at the same time.
    """

    def __init__(self, weights: Weights, identity: FaceIdentity | None = None) -> None:
        """Create the models; takes about 0.1 s. Without `identity` nobody can be described."""
        self._weights, self._identity = weights, identity
        self._landmarker = _landmarker(weights.landmarker, vision.RunningMode.VIDEO)
        self._detector = _detector(weights.detector)
        self._confirmer: vision.FaceLandmarker | None = None
        self._stamp_ms = 0
        self._looks = 0
        self._followed: list[tuple[Tile, int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the models."""
        for model in (self._landmarker, self._detector, self._confirmer):
            if model is not None:
                model.close()

    def forget(self) -> None:
        """Be as new: without a face in its picture the landmarker drops what it followed."""
        self.face(np.zeros((BLANK_SIDE_PX, BLANK_SIDE_PX, 3), np.uint8))
        self._looks = 0
        self._followed.clear()

    def face(self, rgb: Pixels) -> Face | None:
        """The main face of a picture of shape (height, width, 3), None without one."""
        self._stamp_ms += STAMP_STEP_MS
        return _detected(self._landmarker, rgb, self._stamp_ms)

    def detections(self, rgb: Pixels) -> list[Detection]:
        """All faces that the detector sees in the whole picture or in overlapping tiles of it.

        The detector's own picture is small: it misses faces under about 12 % of what it is shown. Two calls see all
        tiles; those with a face are seen at each call for a while.
        """
        followed = [tile for tile, until in self._followed if until >= self._looks]
        whole = self._detect(rgb, *WHOLE)
        close = [seen for tile in followed for seen in self._detect(rgb, *tile)]
        fresh = [seen for tile in TILES[self._looks % len(TILES)] for seen in self._detect(rgb, *tile)]
        for seen in (*close, *fresh):
            if not _clear(seen, whole):
                self._follow(seen)
        found = [*whole, *close, *(replace(seen, late=True) for seen in fresh)]
        self._looks += 1
        return distinct(found)

    def _follow(self, seen: Detection) -> None:
        """Look at the surroundings of a face for a while; surroundings that it is still in stay as they are."""
        x, y = seen.left + seen.width / 2, seen.top + seen.height / 2
        around = next((tile for tile, _ in self._followed if _well_inside(x, y, tile)), _surroundings(x, y, seen.width))
        others = [each for each in self._followed if each[0] != around]
        self._followed = [*others, (around, self._looks + FOLLOWED_LOOKS)][-FOLLOWED_PARTS:]

    def _detect(self, rgb: Pixels, left: float, top: float, side: float) -> list[Detection]:
        height, width = rgb.shape[:2]
        x, y = round(left * width), round(top * height)
        part = np.ascontiguousarray(rgb[y : y + round(side * height), x : x + round(side * width)])
        return [
            Detection(
                (x + box.origin_x) / width,
                (y + box.origin_y) / height,
                box.width / width,
                box.height / height,
                float(score),
            )
            for box, score in _boxes(self._detector.detect(_image(part)))
        ]

    def descriptor(self, rgb: Pixels, face: Face) -> Floats:
        """What tells a face from others, shape (128,)."""
        if self._identity is None:
            raise RuntimeError("made without weights for identity")
        return self._identity.descriptor(rgb, face)

    def confirmed(self, rgb: Pixels, detection: Detection) -> bool:
        """Whether landmarks are found where the detection is, in an enlarged crop around it: hands and ties fail."""
        if self._confirmer is None:
            self._confirmer = _landmarker(self._weights.landmarker, vision.RunningMode.IMAGE)
        left, top, right, bottom = _crop_sides(rgb, detection)
        found = self._confirmer.detect(_image(_enlarged(rgb[top:bottom, left:right]))).face_landmarks
        if not found:
            return False
        points = np.array([(point.x, point.y) for point in found[0]])
        height, width = rgb.shape[:2]
        places = (points * (right - left, bottom - top) + (left, top)) / (width, height)
        low, size = places.min(axis=0), np.ptp(places, axis=0)
        seen = Detection(float(low[0]), float(low[1]), float(size[0]), float(size[1]), 1.0)
        return overlap(seen, detection) >= CONFIRM_OVERLAP


def _surroundings(x: float, y: float, face_width: float) -> Tile:
    side = min(max(CLOSE_WIDTHS * face_width, CLOSE_SIDES[0]), CLOSE_SIDES[1])
    return min(max(0.0, x - side / 2), 1 - side), min(max(0.0, y - side / 2), 1 - side), side


def _well_inside(x: float, y: float, tile: Tile) -> bool:
    """Whether a place is in a tile and, unless the picture ends there, not near its edge."""
    left, top, side = tile
    edges = (x - left, left + side - x, y - top, top + side - y)
    ends = (left <= 0, left + side >= 1, top <= 0, top + side >= 1)
    return all(edge >= (0 if end else EDGE_SHARE * side) for edge, end in zip(edges, ends, strict=True))


def _clear(seen: Detection, whole: list[Detection]) -> bool:
    """Whether a face of a tile is clearly seen in the whole picture too."""
    return any(overlap(seen, other) >= SAME_FACE_OVERLAP and other.score >= CLEAR_SCORE for other in whole)


def _landmarker(weights: bytes, mode: Any) -> Any:
    return vision.FaceLandmarker.create_from_options(
        vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=weights),
            running_mode=mode,
            num_faces=1,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
    )


def _detector(weights: bytes) -> Any:
    return vision.FaceDetector.create_from_options(
        vision.FaceDetectorOptions(
            base_options=BaseOptions(model_asset_buffer=weights),
            running_mode=vision.RunningMode.IMAGE,
            min_detection_confidence=DETECTOR_MIN_SCORE,
        )
    )


def _boxes(found: Any) -> list[tuple[Any, float]]:
    return [(seen.bounding_box, seen.categories[0].score) for seen in found.detections]


def _image(rgb: Pixels) -> Any:
    return mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)


def _detected(landmarker: Any, rgb: Pixels, stamp_ms: int) -> Face | None:
    """As `detect_for_video`, which makes a Python object of each of the 478 points: a tenth of a whole pass's time."""
    image, found = _image(rgb), MpFaceLandmarkerResultC()
    landmarker._lib.MpFaceLandmarkerDetectForVideo(
        landmarker._handle, image._image_ptr, None, stamp_ms, ctypes.byref(found)
    )
    try:
        return _face(found, rgb) if found.face_landmarks_count else None
    finally:
        landmarker._lib.MpFaceLandmarkerCloseResult(ctypes.byref(found))


def _face(found: Any, rgb: Pixels) -> Face:
    height, width = rgb.shape[:2]
    landmarks, shapes = found.face_landmarks[0], found.face_blendshapes[0]
    points = _floats(landmarks.landmarks, landmarks.landmarks_count)[:, :3].astype(np.float64)
    scores = _floats(shapes.categories, shapes.categories_count)[:, SCORE_COLUMN]
    return Face(
        points=points * (width, height, width),  # z is in picture widths, like x
        blendshapes={
            shapes.categories[i].category_name.decode(): float(score)
            for i, score in enumerate(scores)
            if i in GAZE_SHAPES
        },
        matrix=np.asarray(found.facial_transformation_matrixes[0].to_numpy(), np.float64),
        width_px=width,
        height_px=height,
    )


def _floats(structs: Any, count: int) -> NDArray[np.float32]:
    """An array of C structs as rows of 32-bit numbers, without a copy."""
    columns = ctypes.sizeof(structs._type_) // ctypes.sizeof(ctypes.c_float)
    return np.ctypeslib.as_array(ctypes.cast(structs, ctypes.POINTER(ctypes.c_float)), (count, columns))


def _crop_sides(rgb: Pixels, detection: Detection) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a square around a detection, inside the picture."""
    height, width = rgb.shape[:2]
    side = CONFIRM_MARGIN * max(detection.width * width, detection.height * height)
    x = (detection.left + detection.width / 2) * width
    y = (detection.top + detection.height / 2) * height
    left, top = max(0, int(x - side / 2)), max(0, int(y - side / 2))
    return left, top, min(width, int(x + side / 2) + 1), min(height, int(y + side / 2) + 1)


def _enlarged(crop: Pixels) -> Pixels:
    scale = CONFIRM_SIDE_PX / max(crop.shape[:2])
    resized = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(resized, np.uint8)
