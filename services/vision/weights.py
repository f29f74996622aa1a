"""From settings to a loaded vision model."""

from __future__ import annotations

from functools import partial

import cv2

from servicekit.weights.resolver import resolve
from servicekit.wire import Model
from services.vision.face_landmarker import RUNTIME, FaceLandmarker, Weights
from services.vision.lending import Lending
from services.vision.settings import Settings
from services.vision.watcher import Watcher


def load_watcher(settings: Settings) -> Watcher:
    """Resolve, read and try the weights. Raises WeightsError when they cannot be had."""
    found = resolve(settings.model, settings.model_dir, settings.hf_endpoint, settings.hf_token.get_secret_value())
    cv2.setNumThreads(settings.threads)
    weights = Weights.read(found.main_file)
    models = Lending(partial(FaceLandmarker, weights))  # a bundle that MediaPipe refuses ends the process here
    model = Model(found.name, found.version, found.sha256, RUNTIME, compute_type="float16")
    return Watcher(models, (model,), settings.pace, settings.limits)
