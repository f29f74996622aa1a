"""A transcriber without weights: decodes the real file, and hears one word in every second that is not silent."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

import numpy as np

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.wire import Model, Progress, Span
from services.transcriber.model import Event, Segment, TranscriptionInput, TranscriptionResult, Word

MODEL = Model("fake-whisper", "1", "0" * 64, "python")


class FakeTranscriber:
    """Counts seconds aloud; each takes `second_takes_s`, spent in `sleep`."""

    def __init__(self, second_takes_s: float = 0.05, sleep: Callable[[float], None] = time.sleep) -> None:
        self._second_takes_s, self._sleep = second_takes_s, sleep

    def load(self) -> None:
        pass

    def transcribe(self, request: TranscriptionInput) -> Generator[Event, None, None]:
        """As `Transcriber.transcribe`."""
        yield Progress(0.0, 0.0)
        sound = decode_sound(request.path)
        duration_s = sound.size / SAMPLE_RATE_HZ
        language, sure = (request.language, 1.0) if request.language else ("en", 0.9)
        segments = []
        for second in range(int(duration_s)):
            if np.abs(sound[second * SAMPLE_RATE_HZ : (second + 1) * SAMPLE_RATE_HZ]).max() > 0.01:
                segments.append(_segment(second, language))
                yield segments[-1]
            self._sleep(self._second_takes_s)
            yield Progress((second + 1) / duration_s, second + 1.0)
        yield TranscriptionResult(tuple(segments), (), language, sure, duration_s, float(len(segments)), MODEL)


def _segment(second: int, language: str) -> Segment:
    probability = 0.8 + 0.1 * (second % 2)
    span = Span(second + 0.2, second + 0.8)
    return Segment(span, f"word{second}", (Word(span, f"word{second}", probability),), -0.2, 0.01, language)
