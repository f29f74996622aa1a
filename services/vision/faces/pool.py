"""Loaded face models, lent to one video at a time and used again: the library does not give all memory back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from services.vision.watch import FaceModels


class ModelPool:
    """As many models as were ever in use at the same time. Safe for threads."""

    def __init__(self, create: Callable[[], FaceModels]) -> None:
        """`create` loads the models; the first are loaded now, so that unfit weights are noticed."""
        self._create = create
        self._lock = Lock()
        self._free = [create()]

    def close(self) -> None:
        """Let go of the models that are not in use."""
        with self._lock:
            free, self._free = self._free, []
        for models in free:
            models.close()

    @contextmanager
    def lent(self) -> Iterator[FaceModels]:
        """Models that know nothing of the videos before."""
        models = self._taken()
        try:
            yield models
        finally:
            self._give_back(models)

    def _taken(self) -> FaceModels:
        with self._lock:
            if self._free:
                return self._free.pop()
        return self._create()

    def _give_back(self, models: FaceModels) -> None:
        try:
            models.forget()
        except (RuntimeError, ValueError):  # MediaPipe's graph does not work on after an error in it
            models.close()
            return
        with self._lock:
            self._free.append(models)
