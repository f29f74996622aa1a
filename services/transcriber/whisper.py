"""faster-whisper."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Generator
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.transcribe import restore_speech_timestamps
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.weights.resolver import ResolvedModel, resolve
from servicekit.wire import Model, Span
from services.transcriber.beats import with_beats
from services.transcriber.model import Dropped, Event, Progress, Segment, TranscriptionInput, TranscriptionResult, Word
from services.transcriber.quality import drop_reason, uncovered
from services.transcriber.settings import Settings

PEAK_SILENCE = 1e-4
"""Sound whose loudest sample is below this holds no voice: it is under the last bit of 14-bit sound."""

BEAT_S = 0.5
"""Progress is sent at least this often, and a cancelled call ends within it."""

Sound = NDArray[np.float32]
Chunks = list[dict[str, int]]
"""Stretches of speech, in samples: `start`, `end`."""


class Whisper:
    """One Whisper model; CTranslate2 itself queues what calls ask of it."""

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
        reached = Progress(0.0, 0.0)
        yield reached
        for event in with_beats(self._events(request), BEAT_S):
            if isinstance(event, Progress):
                reached = event
            yield event or reached

    def _events(self, request: TranscriptionInput) -> Generator[Event, None, None]:
        sound = decode_sound(request.path)
        chunks = self._speech(sound)
        if not chunks:
            language = request.language or self._settings.languages[0]
            duration_s = sound.size / SAMPLE_RATE_HZ
            yield TranscriptionResult((), (), language, 1.0 if request.language else 0.0, duration_s, 0.0, self._info)
            return
        yield from self._segments(request, sound, chunks)

    def _speech(self, sound: Sound) -> Chunks:
        if not sound.size or np.abs(sound).max() < PEAK_SILENCE:
            return []
        s = self._settings
        options = VadOptions(
            threshold=s.vad_threshold,
            min_speech_duration_ms=s.min_speech_duration_ms,
            min_silence_duration_ms=s.min_silence_duration_ms,
        )
        found: Chunks = get_speech_timestamps(sound, options)
        return found

    def _segments(self, request: TranscriptionInput, sound: Sound, chunks: Chunks) -> Generator[Event, None, None]:
        speech = np.concatenate([sound[c["start"] : c["end"]] for c in chunks])
        language, probability = self._language(request, speech)
        found, _ = self._model.transcribe(speech, language=language, **self._options(request, language))
        duration_s, reached_s = sound.size / SAMPLE_RATE_HZ, 0.0
        kept: list[Segment] = []
        dropped: list[Dropped] = []
        for raw in restore_speech_timestamps(found, chunks, SAMPLE_RATE_HZ):
            segment = _segment(raw, reached_s, duration_s)
            reached_s = segment.span.end_s
            if reason := drop_reason(segment):
                dropped.append(Dropped(segment.span, reason))
            else:
                kept.append(segment)
                yield segment
            yield Progress(reached_s / duration_s, reached_s)
        dropped += self._skipped(chunks, [s.span for s in kept] + [d.span for d in dropped])
        yield TranscriptionResult(
            tuple(kept),
            tuple(sorted(dropped, key=lambda d: d.span.start_s)),
            language,
            probability,
            duration_s,
            speech.size / SAMPLE_RATE_HZ,
            self._info,
        )

    def _language(self, request: TranscriptionInput, speech: Sound) -> tuple[str, float]:
        """The language that was asked for, or the likelier of those allowed with its share of their probability."""
        if request.language:
            return request.language, 1.0
        _, _, every = self._model.detect_language(speech)
        allowed = {code: p for code, p in every if code in self._settings.languages}
        best = max(allowed, key=lambda code: allowed[code])
        return best, allowed[best] / (sum(allowed.values()) or 1.0)

    def _skipped(self, chunks: Chunks, covered: list[Span]) -> list[Dropped]:
        """Speech that the library itself passed over: it drops windows without speech and says nothing."""
        speech = [Span(c["start"] / SAMPLE_RATE_HZ, c["end"] / SAMPLE_RATE_HZ) for c in chunks]
        # Pauses up to this length belong to the speech around them.
        longest_pause_s = self._settings.min_silence_duration_ms / 1000
        return [Dropped(span, "no_speech") for span in uncovered(speech, covered) if span.duration_s > longest_pause_s]

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


def _segment(raw: Any, after_s: float, until_s: float) -> Segment:
    """A segment of the library; its times are brought into order after `after_s` and before `until_s`."""
    words: list[Word] = []
    for word in raw.words or ():
        if text := word.word.strip():
            span = _span(word.start, word.end, words[-1].span.end_s if words else after_s, until_s)
            words.append(Word(span, text, float(word.probability)))
    span = Span(words[0].span.start_s, words[-1].span.end_s) if words else _span(raw.start, raw.end, after_s, until_s)
    return Segment(span, raw.text.strip(), tuple(words), min(float(raw.avg_logprob), 0.0), float(raw.no_speech_prob))


def _span(start_s: float, end_s: float, after_s: float, until_s: float) -> Span:
    start_s = min(max(float(start_s), after_s), until_s)
    return Span(start_s, min(max(float(end_s), start_s), until_s))
