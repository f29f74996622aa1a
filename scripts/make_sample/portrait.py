"""A portrait that blinks, speaks, sways and turns its head: displacements of the pixels of one photograph."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray
from skimage import data

Picture = NDArray[np.uint8]
Map = NDArray[np.float32]

WIDTH, HEIGHT = 640, 480
CROP = (slice(0, 240), slice(62, 382))
# Landmarks of the face mesh: brow, upper lid, lower lid of each eye from corner to corner; inner lips; chin; cheeks.
EYES = (
    ((70, 63, 105, 66, 107), (33, 160, 159, 158, 133), (33, 144, 145, 153, 133)),
    ((336, 296, 334, 293, 300), (362, 385, 386, 387, 263), (362, 380, 374, 373, 263)),
)
UPPER_LIP, LOWER_LIP = (78, 81, 13, 311, 308), (78, 178, 14, 402, 308)
CHIN, LEFT_CHEEK, RIGHT_CHEEK = 152, 454, 234
WIDEST_MOUTH = 0.055
"""How far the lower lip goes down at the loudest sound, in face widths."""


@dataclass(frozen=True, slots=True)
class Pose:
    """What the face does in one frame.

    Lids and mouth 0 to 1, turn towards the right of the picture in degrees, eyes along with it in eye widths, sway
    in pixels and degrees.
    """

    closed: float
    mouth: float
    turn_deg: float
    gaze: float
    sway: tuple[float, float]
    tilt_deg: float


class Portrait:
    """The photograph with the displacement fields of its lids and mouth."""

    def __init__(self, landmarker: Path, mirrored: bool, photograph: Picture | None = None) -> None:
        """Find the landmarks of the photograph, shape (height, width, 3) at 4:3, with the face landmarker."""
        if photograph is None:
            photograph = np.ascontiguousarray(data.astronaut()[CROP])  # type: ignore[no-untyped-call]
        if mirrored:
            photograph = np.ascontiguousarray(photograph[:, ::-1])
        scaled = cv2.resize(photograph, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        self._picture = np.asarray(scaled, np.uint8)
        mesh = _landmarks(self._picture, landmarker)
        self._points, self._depth = mesh[:, :2], mesh[:, 2]
        self._face_width = float(self._points[LEFT_CHEEK, 0] - self._points[RIGHT_CHEEK, 0])
        self._centre = self._points[[LEFT_CHEEK, RIGHT_CHEEK]].mean(axis=0)
        columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
        self._columns, self._rows = columns.astype(np.float32), rows.astype(np.float32)

    def frame(self, pose: Pose) -> Picture:
        """The picture of one pose, shape (480, 640, 3), RGB."""
        x, y = self._turned(*self._swayed(pose), pose.turn_deg)
        lids = cv2.remap(self._lids(pose.closed), x, y, cv2.INTER_LINEAR)
        mouth = cv2.remap(self._mouth(pose.mouth), x, y, cv2.INTER_LINEAR)
        eyes = cv2.remap(self._eyes(pose.gaze), x, y + lids, cv2.INTER_LINEAR)
        moved = cv2.remap(self._picture, x + eyes, y + lids + mouth, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(moved, np.uint8)

    def _swayed(self, pose: Pose) -> tuple[Map, Map]:
        turn = cv2.getRotationMatrix2D((float(self._centre[0]), float(self._centre[1])), pose.tilt_deg, 1.0)
        turn[:, 2] += np.array(pose.sway)
        back = cv2.invertAffineTransform(turn).astype(np.float32)
        x = back[0, 0] * self._columns + back[0, 1] * self._rows + back[0, 2]
        y = back[1, 0] * self._columns + back[1, 1] * self._rows + back[1, 2]
        return x, y

    def _turned(self, x: Map, y: Map, turn_deg: float) -> tuple[Map, Map]:
        """Turn the head as a cylinder about its vertical axis; the effect fades out around it."""
        radius = 0.68 * self._face_width
        across = np.clip((x - self._centre[0]) / radius, -1, 1)
        source = self._centre[0] + radius * np.sin(np.arcsin(across) - np.radians(turn_deg))
        down = np.abs(y - self._centre[1]) / (1.3 * self._face_width)
        near = np.clip(1.6 * (1 - np.abs(x - self._centre[0]) / (1.15 * radius)), 0, 1) * np.clip(2 * (1 - down), 0, 1)
        smooth = near * near * (3 - 2 * near)
        return np.asarray(x + smooth * (source - x), np.float32), y

    def _eyes(self, gaze: float) -> Map:
        """Where to look instead, in columns: what is between the lids moves sideways, the corners stay."""
        shift = np.zeros((HEIGHT, WIDTH), np.float32)
        for _, upper, lower in EYES:
            points = self._points[list(upper + lower)]
            (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
            reach = 0.75 * (bottom - top)
            middle = (top + bottom) / 2
            around = (
                slice(max(0, int(middle - reach)), max(0, int(middle + reach) + 2)),
                slice(max(0, int(left)), max(0, int(right) + 2)),
            )
            u = np.clip((self._columns[around] - (left + right) / 2) / ((right - left) / 2), -1, 1)
            v = np.clip((self._rows[around] - middle) / reach, -1, 1)
            shift[around] -= (gaze * (right - left) * (1 - u * u) ** 2 * (1 - v * v)).astype(np.float32)
        return shift

    def _lids(self, closed: float) -> Map:
        """Where to look instead, in rows: the skin between brow and lid is stretched down over the eye."""
        shift = np.zeros((HEIGHT, WIDTH), np.float32)
        for brow, upper, lower in EYES:
            brows, uppers, lowers = (self._points[list(line)] for line in (brow, upper, lower))
            for column in range(int(uppers[:, 0].min()), int(uppers[:, 0].max()) + 1):
                top, lid, bottom = (_height(line, column) for line in (brows, uppers, lowers))
                if lid - top < 2 or bottom - lid < 1:
                    continue
                rows = np.arange(int(top), int(bottom) + 2)
                now = lid + closed * (bottom - lid)
                shift[rows, column] = np.interp(rows, (top, now, bottom + 1), (top, lid, bottom + 1)) - rows
        return np.asarray(cv2.GaussianBlur(shift, (3, 3), 0), np.float32)

    def _mouth(self, openness: float) -> Map:
        """Where to look instead, in rows: the lower lip goes down, the chin half as far."""
        shift = np.zeros((HEIGHT, WIDTH), np.float32)
        drop = openness * WIDEST_MOUTH * self._face_width
        uppers, lowers = self._points[list(UPPER_LIP)], self._points[list(LOWER_LIP)]
        left, right = float(uppers[0, 0]), float(uppers[-1, 0])
        chin = float(self._points[CHIN, 1])
        for column in range(int(left) - 12, int(right) + 13):
            inside = np.clip((column - left) / (right - left), 0, 1)
            fall = drop * float(np.sin(np.pi * (0.1 + 0.8 * inside))) * float(_edge(column, left - 12, right + 12, 14))
            top, lip = _height(uppers, column), _height(lowers, column)
            rows = np.arange(int(top), min(HEIGHT - 1, int(chin) + 30))
            heights = (top, lip + fall, chin + 0.5 * fall, chin + 30)
            shift[rows, column] = np.interp(rows, heights, (top, lip, chin, chin + 30)) - rows
        return np.asarray(cv2.GaussianBlur(shift, (5, 5), 0), np.float32)


def _height(line: NDArray[np.float64], column: float) -> float:
    order = np.argsort(line[:, 0])
    return float(np.interp(column, line[order, 0], line[order, 1]))


def _edge(value: float, low: float, high: float, width: float) -> float:
    """1 inside, falling to 0 at both ends."""
    return float(np.clip(min(value - low, high - value) / width, 0, 1))


def _landmarks(picture: Picture, landmarker: Path) -> NDArray[np.float64]:
    """Landmarks of the one face in pixels, shape (478, 3), the third away from the camera."""
    if not zipfile.is_zipfile(io.BytesIO(landmarker.read_bytes())):
        raise ValueError(f"{landmarker} is no face landmarker bundle")
    options = vision.FaceLandmarkerOptions(base_options=BaseOptions(model_asset_path=str(landmarker)))
    with vision.FaceLandmarker.create_from_options(options) as model:
        found = model.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=picture))
    return np.array([(p.x * WIDTH, p.y * HEIGHT, p.z * WIDTH) for p in found.face_landmarks[0]])
