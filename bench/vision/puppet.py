"""A photograph whose head turns in three dimensions by known angles: the face mesh is turned, the pixels follow."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

from scripts.make_sample.portrait import HEIGHT, WIDTH, Map, Picture, Portrait, Pose

STEP_PX = 12
"""The field is worked out at every twelfth pixel."""
STEP_DEG = 3.0
"""Fields are worked out at whole steps of the angles and kept; between them pixels move evenly."""
STEPS = {"lids": 40, "mouth": 60, "eyes": 400}
"""Steps of closed lids, of an open mouth, and of an eye's width that the eyes move: fractions of a pixel."""
REACH = 0.35
"""Lids, eyes and mouth stay within this many face widths around the face, however it turns."""
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
Layer = NDArray[np.uint8]
"""RGB and opacity, shape (HEIGHT, WIDTH, 4)."""


class Puppet(Portrait):
    """A portrait with `turn_deg` as a true turn of the mesh, and a pitch."""

    def __init__(self, landmarker: Path, photograph: Picture | None = None, mirrored: bool = False) -> None:
        """As `Portrait`; `photograph` at 4:3, the face looking into the camera."""
        super().__init__(landmarker, mirrored, photograph)
        self._pitch_deg = 0.0
        self._fields: dict[tuple[int, int], Map] = {}
        self._moves: dict[tuple[str, int], Map] = {}
        self._worn: Layer | None = None
        reach = REACH * self._face_width
        low, high = self._points.min(axis=0) - reach, self._points.max(axis=0) + reach
        rows, columns = (slice(max(0, int(low[i])), max(0, int(high[i]))) for i in (1, 0))
        self._around = rows, columns

    def dressed(self, change: Callable[[Picture, Points], Picture]) -> Self:
        """The same person with a changed photograph; `change` gets it and its landmarks in pixels, shape (478, 2)."""
        other = copy(self)
        other._picture = change(self._picture, self._points)
        return other

    def wearing(self, make: Callable[[Points], Layer]) -> Self:
        """The same person with something before the face that turns with the head and that no lid or lip moves."""
        other = copy(self)
        other._worn = make(self._points)
        return other

    def posed(self, pose: Pose, pitch_deg: float = 0.0) -> Picture:
        """As `frame`, with the head raised by `pitch_deg`."""
        self._pitch_deg = pitch_deg
        return self.frame(pose)

    def frame(self, pose: Pose) -> Picture:
        """As `Portrait.frame`; lids, eyes and mouth are looked for around the face only, and kept in fine steps."""
        x, y = self._turned(*self._swayed(pose), pose.turn_deg)
        worn = None if self._worn is None else cv2.remap(self._worn, x, y, cv2.INTER_LINEAR)
        here_x, here_y = x[self._around].copy(), y[self._around].copy()
        lids = self._moved("lids", pose.closed, here_x, here_y)
        mouth = self._moved("mouth", pose.mouth, here_x, here_y)
        eyes = self._moved("eyes", pose.gaze, here_x, here_y + lids)
        x[self._around] += eyes
        y[self._around] += lids + mouth
        remapped = cv2.remap(self._picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        moved = np.asarray(remapped, np.uint8)
        return moved if worn is None else _before(np.asarray(worn, np.uint8), moved)

    def _moved(self, what: str, how_far: float, x: Map, y: Map) -> Map:
        step = round(how_far * STEPS[what])
        if not step:
            return np.zeros_like(x)
        if (what, step) not in self._moves:
            make = {"lids": self._lids, "mouth": self._mouth, "eyes": self._eyes}[what]
            self._moves[what, step] = make(step / STEPS[what])[self._around].copy()
        rows, columns = self._around
        return np.asarray(
            cv2.remap(self._moves[what, step], x - columns.start, y - rows.start, cv2.INTER_LINEAR), np.float32
        )

    def still(self) -> Picture:
        """The photograph at rest."""
        return self.frame(REST)

    def _turned(self, x: Map, y: Map, turn_deg: float) -> tuple[Map, Map]:
        if (turn_deg, self._pitch_deg) == (0.0, 0.0):
            return x, y
        field = self._turn_field(turn_deg, self._pitch_deg)
        across, down = (cv2.remap(shift, x, y, cv2.INTER_LINEAR) for shift in cv2.split(field))
        return np.asarray(x + across, np.float32), np.asarray(y + down, np.float32)

    def _turn_field(self, yaw_deg: float, pitch_deg: float) -> Map:
        """Where each pixel comes from, as a shift in columns and in rows, shape (HEIGHT, WIDTH, 2)."""
        yaw, pitch = yaw_deg / STEP_DEG, pitch_deg / STEP_DEG
        coarse = sum(
            (1 - abs(yaw - across)) * (1 - abs(pitch - up)) * self._step_field(across, up)
            for across in (math.floor(yaw), math.floor(yaw) + 1)
            for up in (math.floor(pitch), math.floor(pitch) + 1)
        )
        smooth = cv2.GaussianBlur(np.asarray(coarse, np.float32), (3, 3), 0)
        return np.asarray(cv2.resize(smooth, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR), np.float32)

    def _step_field(self, across: int, up: int) -> Map:
        """The same at every twelfth pixel, for angles of so many steps."""
        if (across, up) not in self._fields:
            self._fields[across, up] = self._coarse_field(across * STEP_DEG, up * STEP_DEG)
        return self._fields[across, up]

    def _coarse_field(self, yaw_deg: float, pitch_deg: float) -> Map:
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
        return np.asarray(field(columns.ravel(), rows.ravel()), np.float32).reshape(*columns.shape, 2)

    def _mesh(self) -> Points:
        """The landmarks and a ring around the head from its middle: right, down, towards the camera; pixels."""
        depth = -(self._depth - np.mean(self._depth[[234, 454]]))
        face = np.column_stack([self._points - self._centre, depth])
        width = self._face_width
        around = ring(HEAD_RING * width / 2, HEAD_RING * 0.75 * width)
        return np.concatenate([face, np.column_stack([around, np.zeros(len(around))])])


def _before(worn: Layer, picture: Picture) -> Picture:
    opacity = worn[..., 3:] / np.float32(255)
    return np.asarray(opacity * worn[..., :3] + (1 - opacity) * picture, np.uint8)


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


def cropped(picture: Picture, box: tuple[float, float, float, float], edge: int = cv2.BORDER_REFLECT) -> Picture:
    """A 4:3 part in which the face (left, top, width, height in pixels) is `FACE_SHARE` wide; `edge` as OpenCV's."""
    left, top, width, height = box
    wide = width / FACE_SHARE
    high = wide * HEIGHT / WIDTH
    border = round(wide)
    padded = cv2.copyMakeBorder(picture, border, border, border, border, edge)
    x, y = round(left + width / 2 - wide / 2) + border, round(top + height / 2 - high / 2) + border
    return np.ascontiguousarray(padded[y : y + round(high), x : x + round(wide)], np.uint8)
