"""A transcriber without weights that hears a text, spread over the sound; which one depends on its length."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.wire import Progress, Span
from services.transcriber.model import Event, Segment, TranscriptionInput, TranscriptionResult, Word
from tests.contract.fakes.transcriber import MODEL

CLEAR = 0.92


class Reciter:
    """`texts` by the length in seconds from which on they are heard; one of them from 0."""

    def __init__(self, texts: Mapping[float, str]) -> None:
        self._texts = texts

    def load(self) -> None:
        pass

    def transcribe(self, request: TranscriptionInput) -> Generator[Event, None, None]:
        """As `Transcriber.transcribe`."""
        yield Progress(0.0, 0.0)
        duration_s = decode_sound(request.path).size / SAMPLE_RATE_HZ
        text = self._texts[max(least for least in self._texts if least <= duration_s)]
        language = request.language or "en"
        segments = tuple(_segments(text, duration_s, language))
        yield from segments
        yield TranscriptionResult(segments, (), language, 1.0, duration_s, duration_s, MODEL)


def _segments(text: str, duration_s: float, language: str) -> Generator[Segment, None, None]:
    step_s, place = duration_s / (len(text.split()) + 1), 0
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        words = []
        for word in sentence.split():
            start_s = round(place * step_s, 2)
            words.append(Word(Span(start_s, round(start_s + 0.8 * step_s, 2)), word, CLEAR))
            place += 1
        span = Span(words[0].span.start_s, words[-1].span.end_s)
        yield Segment(span, sentence, tuple(words), -0.1, 0.01, language)
