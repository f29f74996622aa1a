"""A photograph whose head turns in three dimensions by known angles: the face mesh is turned, the pixels follow."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

from scripts.make_sample.portrait import HEIGHT, WIDTH, Map, Picture, Portrait, Pose

STEP_PX = 6
"""The field is worked out at every sixth pixel."""
CAMERA_FACE_WIDTHS = 4.5
"""Distance of the camera: 60 cm for a face of 14 cm."""
HEAD_RING, STILL_RING = 1.25, 1.9
"""Ellipses around the face, in face sizes: the inner one turns with the head, what is outside the outer one rests."""
HIDDEN_DEPTH = 0.04
"""Points that come to lie behind this share of the face's width in front of the head's middle are turned away."""
FACE_SHARE = 0.30
"""Width of the face in the picture's width."""
REST = Pose(0.0, 0.0, 0.0, 0.0, (0.0, 0.0), 0.0)
Points = NDArray[np.float64]


class Puppet(Portrait):
    """A portrait with `turn_deg` as a true turn of the mesh, and a pitch."""

    def __init__(self, landmarker: Path, photograph: Picture | None = None, mirrored: bool = False) -> None:
        """As `Portrait`; `photograph` at 4:3, the face looking into the camera."""
        super().__init__(landmarker, mirrored, photograph)
        self._pitch_deg = 0.0
        self._field: tuple[tuple[float, float], tuple[Map, Map]] | None = None

    def posed(self, pose: Pose, pitch_deg: float = 0.0) -> Picture:
        """As `frame`, with the head raised by `pitch_deg`."""
        self._pitch_deg = pitch_deg
        return self.frame(pose)

    def still(self) -> Picture:
        """The photograph at rest."""
        return self.frame(REST)

    def _turned(self, x: Map, y: Map, turn_deg: float) -> tuple[Map, Map]:
        angles = (round(turn_deg, 1), round(self._pitch_deg, 1))
        if angles == (0.0, 0.0):
            return x, y
        if self._field is None or self._field[0] != angles:
            self._field = (angles, self._turn_field(*angles))
        across, down = (cv2.remap(field, x, y, cv2.INTER_LINEAR) for field in self._field[1])
        return np.asarray(x + across, np.float32), np.asarray(y + down, np.float32)

    def _turn_field(self, yaw_deg: float, pitch_deg: float) -> tuple[Map, Map]:
        """Where each pixel comes from, as a shift in columns and in rows."""
        mesh = self._mesh()
        moved, front = turned(mesh, yaw_deg, pitch_deg, CAMERA_FACE_WIDTHS * self._face_width)
        seen = front[: len(self._points)] > HIDDEN_DEPTH * self._face_width
        kept = np.concatenate([seen, np.ones(len(mesh) - len(self._points), bool)])
        kept |= np.abs(mesh[:, 0]) + np.abs(mesh[:, 1]) < 0.2 * self._face_width
        still = ring(STILL_RING * self._face_width, STILL_RING * 1.2 * self._face_width)
        goals = np.concatenate([moved[kept], still]) + self._centre
        shifts = np.concatenate([mesh[kept, :2] - moved[kept], np.zeros_like(still)])
        field = LinearNDInterpolator(goals, shifts, fill_value=0.0)
        columns, rows = np.meshgrid(np.arange(0, WIDTH, STEP_PX), np.arange(0, HEIGHT, STEP_PX))
        coarse = np.asarray(field(columns.ravel(), rows.ravel()), np.float32).reshape(*columns.shape, 2)
        fine = cv2.resize(cv2.GaussianBlur(coarse, (3, 3), 0), (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(fine[..., 0], np.float32), np.ascontiguousarray(fine[..., 1], np.float32)

    def _mesh(self) -> Points:
        """The landmarks and a ring around the head from its middle: right, down, towards the camera; pixels."""
        depth = -(self._depth - np.mean(self._depth[[234, 454]]))
        face = np.column_stack([self._points - self._centre, depth])
        width = self._face_width
        around = ring(HEAD_RING * width / 2, HEAD_RING * 0.75 * width)
        return np.concatenate([face, np.column_stack([around, np.zeros(len(around))])])


def turned(mesh: Points, yaw_deg: float, pitch_deg: float, camera_px: float) -> tuple[Points, NDArray[np.float64]]:
    """Places in the picture, shape (n, 2), and depths towards the camera after a turn to the right and up."""
    yaw, pitch = np.radians(yaw_deg), np.radians(pitch_deg)
    across = mesh[:, 0] * np.cos(yaw) + mesh[:, 2] * np.sin(yaw)
    ahead = mesh[:, 2] * np.cos(yaw) - mesh[:, 0] * np.sin(yaw)
    down = mesh[:, 1] * np.cos(pitch) - ahead * np.sin(pitch)
    front = ahead * np.cos(pitch) + mesh[:, 1] * np.sin(pitch)
    nearer = (camera_px - mesh[:, 2]) / (camera_px - front)
    return np.column_stack([across * nearer, down * nearer]), front


def ring(across_px: float, down_px: float) -> Points:
    """48 points on an ellipse around the origin, shape (48, 2)."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return np.column_stack([across_px * np.cos(angles), down_px * np.sin(angles)])


def cropped(picture: Picture, box: tuple[float, float, float, float]) -> Picture:
    """A 4:3 part in which the face (left, top, width, height in pixels) is `FACE_SHARE` wide; edges are mirrored."""
    left, top, width, height = box
    wide = width / FACE_SHARE
    high = wide * HEIGHT / WIDTH
    border = round(wide)
    padded = cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_REFLECT)
    x, y = round(left + width / 2 - wide / 2) + border, round(top + height / 2 - high / 2) + border
    return np.ascontiguousarray(padded[y : y + round(high), x : x + round(wide)], np.uint8)
