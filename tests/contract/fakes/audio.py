"""An analyzer without weights: decodes the real sound, and takes everything loud for one voice."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.wire import Model, Progress, Span
from services.audio.levels import levels
from services.audio.model import EVERYTHING, AudioResult, Event, Scope, Speaker, Turn, Voices

LOUD = 0.01


class FakeAnalyzer:
    """`pause_s` is how long it takes for each step, spent in `sleep`."""

    def __init__(self, pause_s: float = 0.0, sleep: Callable[[float], None] = time.sleep) -> None:
        self.pause_s, self._sleep = pause_s, sleep

    def load(self) -> None:
        pass

    def analyze(self, path: Path, scope: Scope = EVERYTHING) -> Generator[Event, None, None]:
        """As `AudioAnalyzer.analyze`."""
        sound = decode_sound(path)
        total_s = sound.size / SAMPLE_RATE_HZ
        for step in range(10):
            self._sleep(self.pause_s)
            yield Progress(step / 10, total_s * step / 10)
        heard = bool(np.sqrt(np.mean(sound**2)) > LOUD)
        span = Span(0.0, total_s)
        voices = (
            Voices((Turn(span, 0),), (Speaker(0, total_s, 1.0, (0.0625,) * 256),), 0.9)
            if heard and scope.voices
            else Voices()
        )
        speech = (span,) if heard else ()
        model = Model("fake-voices", "1", "0" * 64, "test")
        yield AudioResult(total_s, speech, (), voices, levels(sound, speech, -16.0), (model,))
