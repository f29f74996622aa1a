"""faster-whisper."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Generator
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.errors import field_invalid
from servicekit.weights.resolver import ResolvedModel, resolve
from servicekit.wire import Model, Span
from services.transcriber.model import Dropped, Event, Progress, Segment, TranscriptionInput, TranscriptionResult, Word
from services.transcriber.quality import drop_reason
from services.transcriber.settings import Settings

PEAK_SILENCE = 1e-4
"""Sound whose loudest sample is below this holds no voice: it is under the last bit of 14-bit sound."""


class Whisper:
    """One Whisper model; one transcription at a time."""

    def __init__(self, settings: Settings) -> None:
        """Load nothing yet."""
        self._settings = settings
        self._model: WhisperModel
        self._info: Model

    def load(self) -> None:
        """Resolve and load the weights. Raises WeightsError; a device that is not there is an error too."""
        s = self._settings
        found = resolve(s.model, s.model_dir, s.hf_endpoint, s.hf_token.get_secret_value())
        device, compute_type = choose_device(s.device, s.compute_type)
        self._model = WhisperModel(
            str(found.directory), device=device, compute_type=compute_type, cpu_threads=s.threads, local_files_only=True
        )
        self._info = _model_info(found, device, compute_type)

    def transcribe(self, request: TranscriptionInput) -> Generator[Event, None, None]:
        """See `Transcriber.transcribe`."""
        sound = decode_sound(request.path)
        duration_s = sound.size / SAMPLE_RATE_HZ
        yield Progress(0.0, 0.0)
        if np.abs(sound).max() < PEAK_SILENCE:
            language = request.language or self._settings.languages[0]
            yield TranscriptionResult((), (), language, 1.0, duration_s, 0.0, self._info)
            return
        language, probability = self._language(request, sound)
        yield from self._segments(request, sound, language, probability)

    def _segments(
        self, request: TranscriptionInput, sound: NDArray[np.float32], language: str, probability: float
    ) -> Generator[Event, None, None]:
        found, info = self._model.transcribe(sound, language=language, **self._options(request, language))
        kept: list[Segment] = []
        dropped: list[Dropped] = []
        for raw in found:
            segment = _segment(raw)
            if reason := drop_reason(segment):
                dropped.append(Dropped(segment.span, reason))
            else:
                kept.append(segment)
                yield segment
            yield Progress(segment.span.end_s / info.duration, segment.span.end_s)
        yield TranscriptionResult(
            tuple(kept), tuple(dropped), language, probability, info.duration, info.duration_after_vad, self._info
        )

    def _language(self, request: TranscriptionInput, sound: NDArray[np.float32]) -> tuple[str, float]:
        """The language that was asked for, or the likelier of those allowed with its share of their probability."""
        if request.language:
            return request.language, 1.0
        _, _, every = self._model.detect_language(sound, vad_filter=True)
        allowed = {code: p for code, p in every if code in self._settings.languages}
        if not allowed:
            raise field_invalid("language_code", "the language could not be detected; name it")
        best = max(allowed, key=lambda code: allowed[code])
        return best, allowed[best] / (sum(allowed.values()) or 1.0)

    def _options(self, request: TranscriptionInput, language: str) -> dict[str, Any]:
        s = self._settings
        prompt = request.initial_prompt if request.initial_prompt is not None else s.initial_prompts.get(language)
        return {
            "beam_size": request.beam_size or s.beam_size,
            "temperature": list(s.temperatures),
            # One wrong sentence must not lead the next astray.
            "condition_on_previous_text": False,
            "initial_prompt": prompt or None,
            "word_timestamps": True,
            "vad_filter": True,
            "vad_parameters": {
                "threshold": s.vad_threshold,
                "min_speech_duration_ms": s.min_speech_duration_ms,
                "min_silence_duration_ms": s.min_silence_duration_ms,
            },
        }


def choose_device(device: str, compute_type: str) -> tuple[str, str]:
    """The device and arithmetic to use: CUDA with float16 when there is a device, else the CPU with int8."""
    if device == "auto":
        device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    if compute_type == "auto":
        compute_type = "float16" if device == "cuda" else "int8"
    return device, compute_type


def _model_info(found: ResolvedModel, device: str, compute_type: str) -> Model:
    runtime = f"faster-whisper {importlib.metadata.version('faster-whisper')}"
    return Model(found.name, found.version, found.sha256, runtime, device, compute_type)


def _segment(raw: Any) -> Segment:
    words = tuple(
        Word(_span(w.start, w.end), w.word.strip(), float(w.probability)) for w in raw.words or () if w.word.strip()
    )
    span = Span(words[0].span.start_s, words[-1].span.end_s) if words else _span(raw.start, raw.end)
    return Segment(span, raw.text.strip(), words, float(raw.avg_logprob), float(raw.no_speech_prob))


def _span(start_s: float, end_s: float) -> Span:
    return Span(float(start_s), max(float(start_s), float(end_s)))
