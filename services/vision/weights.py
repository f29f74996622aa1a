"""From settings to a loaded vision model."""

from __future__ import annotations

import cv2

from servicekit.weights.resolver import resolve
from servicekit.wire import Model
from services.vision.face_identity import RUNTIME as IDENTITY_RUNTIME
from services.vision.face_identity import FaceIdentity
from services.vision.face_landmarker import RUNTIME, FaceLandmarker, Weights
from services.vision.lending import Lending
from services.vision.settings import Settings
from services.vision.watcher import Watcher


def load_watcher(settings: Settings) -> Watcher:
    """Resolve, read and try the weights. Raises WeightsError when they cannot be had."""
    found = resolve(settings.model, settings.model_dir, settings.hf_endpoint, settings.hf_token.get_secret_value())
    cv2.setNumThreads(settings.threads)
    weights = Weights.read(found.main_file)
    identity = resolve(settings.identity_model, settings.model_dir)
    # A bundle that MediaPipe refuses ends the process here.
    models = Lending(lambda: FaceLandmarker(weights, FaceIdentity(identity.main_file)))
    used = (
        Model(found.name, found.version, found.sha256, RUNTIME, compute_type="float16"),
        Model(identity.name, identity.version, identity.sha256, IDENTITY_RUNTIME, compute_type="float32"),
    )
    return Watcher(models, used, settings.pace, settings.limits)
