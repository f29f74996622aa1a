"""Takes in a pass's looks row by row and gives them back as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar, get_args, get_type_hints

import numpy as np

from services.vision.eyes.blinks import open_level
from services.vision.faces.geometry import Measures
from services.vision.faces.identities import DESCRIPTOR
from services.vision.faces.presence import Detected
from services.vision.model import Floats
from services.vision.picture.camera import Brightness
from services.vision.picture.loops import HEIGHT_PX, WIDTH_PX, Print
from services.vision.series import Camera, Detections, Faces, Identities, Prints, Series, Strays, Video

R = TypeVar("R")
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Look(Generic[R]):
    """What was seen at a time."""

    offset_s: float
    seen: R


@dataclass(slots=True)
class Recorder:
    """The looks of one pass, in any order."""

    faces: list[Look[Measures]] = field(default_factory=list)
    detections: list[Look[Detected]] = field(default_factory=list)
    camera: list[Look[Brightness]] = field(default_factory=list)
    prints: list[Look[Print]] = field(default_factory=list)
    identities: list[Look[Floats]] = field(default_factory=list)
    strays: list[Look[float]] = field(default_factory=list)
    seconds: Counter[int] = field(default_factory=Counter)

    def series(self, video: Video, detector_interval_s: float) -> Series:
        """Everything in time order."""
        faces = columns(Faces, self.faces)
        return Series(
            video=video,
            faces=faces,
            open_share=faces.eye_aspect_ratio / open_level(faces),
            detections=columns(Detections, self.detections),
            detector_interval_s=detector_interval_s,
            camera=columns(Camera, self.camera),
            frames_per_second=np.array([self.seconds[second] for second in range(int(video.duration_s))], np.int64),
            prints=Prints(_times(self.prints), _rows(self.prints, WIDTH_PX * HEIGHT_PX, np.uint16)),
            identities=Identities(_times(self.identities), _rows(self.identities, DESCRIPTOR, np.float64)),
            strays=Strays(_times(self.strays), np.array([look.seen for look in self.strays], np.float64)),
        )


def columns(kind: Callable[..., C], looks: Sequence[Look[Any]]) -> C:
    """A column for each of the rows' fields, by its name, and the times; rows come in any order."""
    ordered = sorted(looks, key=lambda look: look.offset_s)
    types = {name: get_args(get_args(hint)[1])[0] for name, hint in get_type_hints(kind).items()}
    names = [column.name for column in fields(kind) if column.name != "offset_s"]  # type: ignore[arg-type]
    found = {name: np.array([getattr(look.seen, name) for look in ordered], types[name]) for name in names}
    return kind(offset_s=_times(ordered), **found)


def _times(looks: Sequence[Look[Any]]) -> Floats:
    return np.array([look.offset_s for look in looks], np.float64)


def _rows(looks: Sequence[Look[Any]], width: int, kind: type[Any]) -> Any:
    return np.array([look.seen for look in looks], kind).reshape(len(looks), width)
