"""The pass over a video: which frames are looked at, and with what."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np

from servicekit.wire import Span
from services.vision.faces.between import FaceBetween
from services.vision.faces.describing import Describing
from services.vision.faces.geometry import Detection, Face, Measures, box, measure
from services.vision.faces.portraits import OtherFace
from services.vision.faces.presence import main_face, sort_out
from services.vision.faces.stray import FaceStray
from services.vision.model import EVERYTHING, Floats, Scope
from services.vision.picture.camera import blur, brightness, small_luma
from services.vision.picture.frames import Frame, Pixels
from services.vision.picture.loops import MOST_PRINTS, fingerprint
from services.vision.picture.schedule import Schedule
from services.vision.picture.stills import StillShelf
from services.vision.recorder import Look, Recorder
from services.vision.series import Series, Video
from services.vision.settings import Settings

BETWEEN_S, BETWEEN_KEPT = 1 / 40, 12
"""Least time between two frames in which the face is followed, since blinks of 100 ms need no more than 30 a second,
and how many of those between two landmarked frames are kept."""
BLUR_SIZE_PX, BLUR_LEAST_PX = (96, 112), 48
"""Faces are compared at one size, at which noise is averaged out; much smaller ones say nothing."""
DESCRIBED_YAW_DEG, DESCRIBED_LEAST_PX = 20.0, 60
"""Faces that are turned further or are smaller in the scaled picture are not described."""


class FaceModels(Protocol):
    """Looks at the frames of one video."""

    def face(self, rgb: Pixels) -> Face | None:
        """The main face of a picture of shape (height, width, 3)."""

    def detections(self, rgb: Pixels) -> list[Detection]:
        """All faces that a detector sees."""

    def confirmed(self, rgb: Pixels, detection: Detection) -> bool:
        """Whether a detection is a face on a second, closer look."""

    def descriptor(self, rgb: Pixels, face: Face) -> Floats:
        """What tells a face from others, shape (128,)."""

    def forget(self) -> None:
        """Be fit for another video."""

    def close(self) -> None:
        """Let go of the models."""


class Watch:
    """Takes in one video's frames in order."""

    def __init__(self, models: FaceModels, settings: Settings, scope: Scope = EVERYTHING) -> None:
        """Start before the first frame."""
        self._describing = Describing(settings.identity_interval_s) if scope.identity else None
        self.shelf = StillShelf()
        self._recorder = Recorder()
        self._models = models
        self._settings = settings
        self._schedule = Schedule(settings.landmark_interval_s)
        self._face = FaceBetween(self._landmark)
        self._other = OtherFace()
        self._stray = FaceStray()
        self._skipped: deque[Frame] = deque(maxlen=BETWEEN_KEPT)
        self._followed_s = -math.inf
        self._detector = Schedule(settings.detector_interval_s)
        self._luma: Pixels | None = None
        self._frame_count = 0
        self._size_px = (0, 0)
        self._first_s, self._last_s = 0.0, 0.0

    def take(self, frame: Frame) -> None:
        """Look at a frame, or keep it for a moment."""
        if not self._frame_count:
            self._size_px, self._first_s = frame.size_px, frame.offset_s
        self._frame_count, self._last_s = self._frame_count + 1, frame.offset_s
        self._recorder.seconds[int(frame.offset_s)] += 1
        if len(self._recorder.prints) < MOST_PRINTS:
            self._recorder.prints.append(Look(frame.offset_s, fingerprint(frame.luma())))
        if not self._schedule.due(frame.offset_s):
            if frame.offset_s - self._followed_s >= BETWEEN_S:
                self._skipped.append(frame)
                self._followed_s = frame.offset_s
            return
        self._followed_s = frame.offset_s
        seen = self._look(frame)
        rows = self._face.rows(list(self._skipped), frame, seen)
        self._recorder.faces.extend(Look(offset_s, measures) for offset_s, measures in rows)
        self._skipped.clear()

    def series(self, duration_s: float, missing: tuple[Span, ...]) -> Series:
        """What was seen of a recording of `duration_s` seconds that has no picture where it is `missing`."""
        return self._recorder.series(self._video(duration_s, missing), self._settings.detector_interval_s)

    def _video(self, duration_s: float, missing: tuple[Span, ...]) -> Video:
        inside_s = sum(s.duration_s for s in missing if self._first_s <= s.start_s < self._last_s)
        shown_s = self._last_s - self._first_s - inside_s
        rate_hz = (self._frame_count - 1) / shown_s if shown_s > 0 else 0.0
        return Video(self._frame_count, duration_s, rate_hz, *self._size_px, missing)

    def _look(self, frame: Frame) -> tuple[Face, Measures] | None:
        rgb = frame.rgb()
        luma = small_luma(rgb)
        self._recorder.camera.append(Look(frame.offset_s, brightness(luma, self._luma)))
        self._luma = luma
        seen = self._landmarked(frame.offset_s, rgb)
        if self._detector.due(frame.offset_s):
            self._detect(frame.offset_s, rgb, seen[0] if seen else None)
        self.shelf.offer(frame.offset_s, rgb)
        if seen is not None:
            self._describe(frame.offset_s, rgb, *seen)
            if (strayed := self._stray.look(frame.offset_s, frame.luma(), seen[0])) is not None:
                self._recorder.strays.append(Look(*strayed))
        return seen

    def _describe(self, offset_s: float, rgb: Pixels, face: Face, measures: Measures) -> None:
        """Now and then, where the face looks at the camera and is large enough."""
        if self._describing is None or not self._describing.due(offset_s):
            return
        if abs(measures.yaw_deg) > DESCRIBED_YAW_DEG or np.ptp(face.points[:, 0]) < DESCRIBED_LEAST_PX:
            return
        descriptor = self._models.descriptor(rgb, face)
        self._describing.saw(offset_s, descriptor)
        self._recorder.identities.append(Look(offset_s, descriptor))

    def _landmark(self, frame: Frame) -> tuple[Face, Measures] | None:
        return self._landmarked(frame.offset_s, frame.rgb())

    def _landmarked(self, offset_s: float, rgb: Pixels) -> tuple[Face, Measures] | None:
        face = self._models.face(rgb)
        measures = measure(face) if face else Measures()
        self._recorder.faces.append(Look(offset_s, measures))
        return (face, measures) if face else None

    def _detect(self, offset_s: float, rgb: Pixels, face: Face | None) -> None:
        found = self._models.detections(rgb)
        main = main_face(box(face) if face else None, found)
        seen = sort_out(
            main,
            found,
            self._settings,
            confirmed=lambda other: self._models.confirmed(rgb, other),
            likeness=lambda other: self._other.likeness(rgb, other),
        )
        clear = sum(each.score >= self._settings.second_face_score for each in found)
        if not clear and main is not None and face is None:
            clear = int(self._models.confirmed(rgb, main))
        width, blurred = _appearance(rgb, main)
        seen = replace(seen, faces=clear, main_width=width, main_blur=blurred)
        self._recorder.detections.append(Look(offset_s, seen))


def _appearance(rgb: Pixels, main: Detection | None) -> tuple[float, float]:
    """Width of the face as a share of the picture's long side, and its blur; NaN without a face."""
    if main is None:
        return np.nan, np.nan
    height, width = rgb.shape[:2]
    left, top = max(0, round(main.left * width)), max(0, round(main.top * height))
    part = rgb[top : round((main.top + main.height) * height), left : round((main.left + main.width) * width)]
    share = main.width * width / max(width, height)
    if min(part.shape[:2]) < BLUR_LEAST_PX:
        return share, np.nan
    face = cv2.resize(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), BLUR_SIZE_PX, interpolation=cv2.INTER_AREA)
    return share, blur(np.asarray(face, np.uint8))
