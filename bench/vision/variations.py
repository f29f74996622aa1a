"""How people and their recordings differ: skin, light, what is worn, distance, the camera, rates, compression.

How the light falls and cloth on the skin are painted on the photograph, so that they move with the face; glasses stand
before it, so that they stay as they are when the lids close.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.vision.puppet import Layer
from scripts.make_sample.portrait import HEIGHT, WIDTH, Picture

Points = NDArray[np.float64]
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
        150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
"""The outline of the face in the mesh."""
LOWER = (234, 93, 132, 58, 172, 136, 150, 176, 152, 400, 379, 365, 397, 288, 361, 323, 454, 350, 195, 121)
"""What a mask covers."""
EYE_MIDDLES = ((33, 133), (362, 263))
RIM, REFLECTION = (35, 30, 30, 255), (235, 235, 235, 64)
"""Colours and opacities of glasses."""
DIM_BRIGHT = 90.0
"""What a tenth of an evening's picture is brighter than, of 255: 0.4 of a picture in good light."""


@dataclass(frozen=True, slots=True)
class Variation:
    """`painted` changes the photograph (with its landmarks, pixels), `worn` is before the face, `taken` changes each
    picture of the recording."""

    painted: Callable[[Picture, Points], Picture] | None = None
    worn: Callable[[Points], Layer] | None = None
    taken: Callable[[Picture], Picture] | None = None
    raised_deg: float = 0.0
    rate_hz: float = 15.0
    bit_rate: int | None = None


def _dark_skin(picture: Picture, points: Points) -> Picture:
    return _toned(picture, points, 1.9)


def _light_skin(picture: Picture, points: Points) -> Picture:
    return _toned(picture, points, 0.6)


def _toned(picture: Picture, points: Points, gamma: float) -> Picture:
    """The face with another gamma of its lightness; its edge is soft."""
    inside = np.zeros(picture.shape[:2], np.float32)
    cv2.fillPoly(inside, [points[list(OVAL), :2].astype(np.int32)], 1.0)
    soft = cv2.GaussianBlur(inside, (0, 0), 8)[..., None]
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    lab[..., 0] = np.rint(255 * (lab[..., 0] / 255.0) ** gamma)
    return np.asarray(soft * cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) + (1 - soft) * picture, np.uint8)


def _side_light(picture: Picture, points: Points) -> Picture:
    """A window at one side: the far half of the face has a third of the light."""
    middle, width = points[1, 0], np.ptp(points[:, 0])
    light = np.clip(0.75 + 0.9 * (np.arange(picture.shape[1]) - middle) / width, 0.33, 1.25)
    return np.asarray(np.clip(picture * light[None, :, None], 0, 255), np.uint8)


def _glasses(points: Points) -> Layer:
    """Dark rims, and a faint reflection on each glass."""
    worn = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    centres = [points[list(pair), :2].mean(axis=0) for pair in EYE_MIDDLES]
    apart = float(np.linalg.norm(centres[1] - centres[0]))
    thick = max(2, round(apart / 22))
    for x, y in centres:
        place, size = (round(x), round(y + 0.04 * apart)), (round(0.40 * apart), round(0.30 * apart))
        shine = round(x - 0.15 * apart), place[1]
        cv2.ellipse(worn, shine, (size[0] // 5, size[1] // 2), 30, 0, 360, REFLECTION, -1)
        cv2.ellipse(worn, place, size, 0, 0, 360, RIM, thick, cv2.LINE_AA)
    (left, top), (right, _) = centres
    ends = (round(left + 0.40 * apart), round(top)), (round(right - 0.40 * apart), round(top))
    cv2.line(worn, ends[0], ends[1], RIM, thick, cv2.LINE_AA)
    return worn


def _scarf(picture: Picture, points: Points) -> Picture:
    """Cloth around the face, over hair, ears and neck."""
    outline = points[list(OVAL), :2]
    middle = outline.mean(axis=0)
    cloth = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(cloth, [(middle + 1.45 * (outline - middle)).astype(np.int32)], 255)
    below = points[152, 1]
    width = np.ptp(outline[:, 0])
    sides = [(middle[0] - width, HEIGHT), (middle[0] - 0.6 * width, below), (middle[0] + 0.6 * width, below)]
    cv2.fillPoly(cloth, [np.array([*sides, (middle[0] + width, HEIGHT)], np.int32)], 255)
    cv2.fillPoly(cloth, [(middle + (0.97, 0.95) * (outline - middle)).astype(np.int32)], 0)
    folds = 95 + 14 * np.sin(np.arange(picture.shape[1]) / 9.0)
    colour = np.stack([folds * 0.6, folds * 0.75, folds], axis=-1)[None]
    return np.where(cloth[..., None] > 0, np.broadcast_to(colour, picture.shape), picture).astype(np.uint8)


def _mask(picture: Picture, points: Points) -> Picture:
    worn = picture.copy()
    cv2.fillPoly(worn, [cv2.convexHull(points[list(LOWER), :2].astype(np.int32))], (150, 190, 215), cv2.LINE_AA)
    return worn


def _far(picture: Picture) -> Picture:
    """Everything at half its size before a plain wall."""
    half = cv2.resize(picture, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    wall = np.full_like(picture, 120)
    wall[HEIGHT // 4 : HEIGHT // 4 + HEIGHT // 2, WIDTH // 4 : WIDTH // 4 + WIDTH // 2] = half
    return wall


def _dim(picture: Picture) -> Picture:
    """An evening room in which everything can still be seen: a portrait that is dark already is not darkened."""
    bright = float(np.percentile(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 90))
    return np.asarray(min(1.0, DIM_BRIGHT / max(bright, 1.0)) * picture.astype(np.float32), np.uint8)


VARIATIONS = {
    "dark skin": Variation(painted=_dark_skin),
    "light skin": Variation(painted=_light_skin),
    "light from one side": Variation(painted=_side_light),
    "evening light": Variation(taken=_dim),
    "rimmed glasses": Variation(worn=_glasses),
    "head scarf": Variation(painted=_scarf),
    "mask": Variation(painted=_mask),
    "twice as far": Variation(taken=_far),
    "camera above": Variation(raised_deg=-10.0),
    "camera below": Variation(raised_deg=10.0),
    "10 fps": Variation(rate_hz=10.0),
    "60 fps": Variation(rate_hz=60.0),
    "200 kbit/s": Variation(rate_hz=25.0, bit_rate=200_000),
}
