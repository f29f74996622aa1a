"""A vision model without weights: decodes the real file, and answers with fixed measurements."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np

from servicekit.wire import Model, Progress, Span
from services.vision.model import (
    EVERYTHING,
    Direction,
    Event,
    EventKind,
    Expression,
    Floats,
    Scope,
    Screening,
    Still,
    Timeline,
    VisionEvent,
    VisionResult,
)
from services.vision.picture.frames import frames
from services.vision.picture.stills import jpeg


class FakeVision:
    """Sees a steady face and one look to the left in every video; thinks for `pause_s`, spent in `sleep`."""

    def __init__(self, pause_s: float = 0.0, sleep: Callable[[float], None] = time.sleep) -> None:
        self._pause_s, self._sleep = pause_s, sleep

    def load(self) -> None:
        pass

    def close(self) -> None:
        pass

    def analyze(self, path: Path, scope: Scope = EVERYTHING) -> Generator[Event, None, None]:
        """As `VisionAnalyzer.analyze`."""
        seen = []
        yield Progress(0.0, 0.0)
        for frame in frames(path, long_side_px=320, threads=1):
            seen.append(frame.offset_s)
            picture = frame.rgb()
            if len(seen) % 10 == 0:
                yield Progress(0.5, frame.offset_s)
        self._sleep(self._pause_s)
        times = np.array(seen)
        yield _timeline(times)
        yield VisionEvent(EventKind.LOOKING_AWAY, Span(0.0, seen[-1]), seen[-1], 25.0, 0.8, Direction.LEFT)
        yield Still(seen[-1], 0, jpeg(picture))
        yield _summary(len(seen), seen[-1], scope)


def _timeline(times: Floats) -> Timeline:
    level = np.zeros(len(times))
    return Timeline(times, np.ones(len(times), np.int32), level, level, level, level, level, level + 0.3, level)


def _summary(frame_count: int, duration_s: float, scope: Scope) -> VisionResult:
    return VisionResult(
        frame_count=frame_count,
        analyzed_frame_count=frame_count,
        duration_s=duration_s,
        frame_rate_hz=25.0,
        width_px=480,
        height_px=360,
        face_present_ratio=1.0,
        multiple_faces_ratio=0.0,
        blink_count=0,
        blink_rate_per_minute=None,
        eye_contact_ratio=0.5 if scope.expression else None,
        gaze_stability=0.02 if scope.expression else None,
        head_movement_intensity=0.1 if scope.expression else None,
        expression=Expression(0.0, 0.0, 0.0, None, None, False) if scope.expression else None,
        screening=Screening(0, 0.0, 90.0, 80.0, 95.0),
        face_descriptor=(0.1,) * 128 if scope.identity else (),
        described_looks=int(scope.identity),
        models=(Model("fake-face", "1", "0" * 64, "test"),),
    )
