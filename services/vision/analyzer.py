"""The analysis of one video from its parts."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2

from servicekit.weights.resolver import resolve
from servicekit.wire import Model, Progress
from services.vision.faces.face_identity import RUNTIME as IDENTITY_RUNTIME
from services.vision.faces.face_identity import FaceIdentity
from services.vision.faces.face_landmarker import RUNTIME, FaceLandmarker, Weights
from services.vision.faces.pool import ModelPool
from services.vision.findings import findings, outputs
from services.vision.model import EVERYTHING, Event, Scope, VisionResult
from services.vision.picture.frames import Footage
from services.vision.settings import Settings
from services.vision.watch import Watch

PROGRESS_S = 0.5
"""Wall time between two messages of progress; also how soon a cancelled pass ends."""
PASS_SHARE = 0.98
"""Share of the work that the pass itself is."""


class PictureAnalyzer:
    """MediaPipe and dlib over one video at a time."""

    def __init__(self, settings: Settings) -> None:
        """Load nothing yet."""
        self._settings = settings
        self._pool: ModelPool | None = None
        self._models: tuple[Model, ...] = ()

    def load(self) -> None:
        """Resolve, read and try the weights. Raises WeightsError when they cannot be had."""
        s = self._settings
        found = resolve(s.model, s.model_dir, s.hf_endpoint, s.hf_token.get_secret_value())
        cv2.setNumThreads(s.threads)
        weights = Weights.read(found.main_file)
        identity = resolve(s.identity_model, s.model_dir)
        # A bundle that MediaPipe refuses ends the process here.
        self._pool = ModelPool(lambda: FaceLandmarker(weights, FaceIdentity(identity.main_file)))
        self._models = (
            Model(found.name, found.version, found.sha256, RUNTIME, compute_type="float16"),
            Model(identity.name, identity.version, identity.sha256, IDENTITY_RUNTIME, compute_type="float32"),
        )

    def close(self) -> None:
        """Let go of the models."""
        if self._pool is not None:
            self._pool.close()

    def analyze(self, path: Path, scope: Scope = EVERYTHING) -> Generator[Event, None, None]:
        """As `VisionAnalyzer.analyze`."""
        assert self._pool is not None  # calls are admitted after `load` only
        s = self._settings
        with (
            self._pool.lent() as models,
            closing(Footage(path, long_side_px=s.long_side_px, threads=s.threads, limits=s.decoding)) as footage,
        ):
            watch = Watch(models, s, scope)
            yield Progress(0.0, 0.0)
            footage.choose(lambda rgb: len(models.detections(rgb)))
            yield from _watched(watch, footage)
        series = watch.series(footage.duration_s, footage.missing)
        yield Progress(PASS_SHARE, series.video.duration_s)
        asked = self._models if scope.identity else self._models[:1]  # the network for faces is the second one
        for event in outputs(findings(series, s, scope), watch.shelf, s, asked):
            yield replace(event, track=footage.track) if isinstance(event, VisionResult) else event


def _watched(watch: Watch, footage: Footage) -> Generator[Event, None, None]:
    """Let every frame be looked at."""
    told_s = time.monotonic()
    for frame in footage.frames():
        watch.take(frame)
        if time.monotonic() - told_s >= PROGRESS_S:
            told_s = time.monotonic()
            yield Progress(PASS_SHARE * min(1.0, frame.offset_s / max(footage.duration_s, 1e-3)), frame.offset_s)
