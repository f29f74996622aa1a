"""Running the service's model on a clip, and the bare landmarker beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import av
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

from servicekit.wire import Span
from services.vision.model import EventKind, Timeline, VisionAnalyzer, VisionEvent, VisionResult


@dataclass(frozen=True)
class Watched:
    """What the service says about a clip, and the processor time that it took, seconds."""

    events: list[VisionEvent]
    parts: list[Timeline]
    summary: VisionResult
    cpu_s: float

    def spans(self, *kinds: EventKind) -> list[Span]:
        """When events of these kinds were."""
        return [event.span for event in self.events if event.kind in kinds]

    @cached_property
    def times_s(self) -> NDArray[np.float64]:
        """Times of the rows of the timeline."""
        return self.column("offset_s")

    def column(self, name: str) -> NDArray[np.float64]:
        """One column of the timeline."""
        return np.concatenate([np.asarray(getattr(part, name), np.float64) for part in self.parts])


def watched(model: VisionAnalyzer, path: Path) -> Watched:
    """Run the model once."""
    started = time.process_time()
    outputs = list(model.analyze(path))
    cpu_s = time.process_time() - started
    summary = outputs[-1]
    assert isinstance(summary, VisionResult)
    events = [output for output in outputs if isinstance(output, VisionEvent)]
    return Watched(events, [output for output in outputs if isinstance(output, Timeline)], summary, cpu_s)


def landmarked(path: Path, landmarker: Path, every: int = 1) -> Iterator[tuple[float, NDArray[np.float64] | None]]:
    """Time and landmarks (pixels, shape (478, 2)) of every n-th frame by the bare FaceLandmarker in VIDEO mode."""
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(landmarker)),
        running_mode=vision.RunningMode.VIDEO,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    with vision.FaceLandmarker.create_from_options(options) as model, av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % every:
                continue
            picture = frame.to_ndarray(format="rgb24")
            time_s = float(frame.time or 0.0)
            found = model.detect_for_video(mp.Image(mp.ImageFormat.SRGB, picture), int(time_s * 1000) + 1)
            faces = found.face_landmarks
            points = np.array([(p.x * frame.width, p.y * frame.height) for p in faces[0]]) if faces else None
            yield time_s, points
