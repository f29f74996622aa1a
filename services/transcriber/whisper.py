"""faster-whisper."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import ctranslate2
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.transcribe import restore_speech_timestamps
from faster_whisper.vad import VadOptions, get_speech_timestamps

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.weights.resolver import ResolvedModel, resolve
from servicekit.wire import Model, Progress, Span
from services.transcriber.drops import Drops, is_failed, uncovered
from services.transcriber.model import Dropped, Event, Segment, TranscriptionInput, TranscriptionResult
from services.transcriber.sentences import Decoded, decoded, segments
from services.transcriber.settings import Settings
from services.transcriber.windows import (
    Chunk,
    Recording,
    Sound,
    Window,
    clips,
    is_audible,
    joined,
    shifted,
    span,
    windows,
)

VAD_BLOCK = 10 * 60 * SAMPLE_RATE_HZ

GPU_BATCH = 8
"""Windows decoded at once on CUDA; faster-whisper's own value. On a CPU more than one gains nothing."""


class Whisper:
    """One Whisper model; CTranslate2 itself queues what calls ask of it."""

    def __init__(self, settings: Settings) -> None:
        """Load nothing yet."""
        self._settings = settings
        self._model: WhisperModel
        self.info: Model
        """What transcribes; known once loaded."""

    def load(self) -> None:
        """Resolve and load the weights. Raises WeightsError; a device that is not there is an error too."""
        s = self._settings
        found = resolve(s.model, s.model_dir, s.hf_endpoint, s.hf_token.get_secret_value())
        device, compute_type = choose_device(s.device, s.compute_type)
        self._model = WhisperModel(
            str(found.directory), device=device, compute_type=compute_type, cpu_threads=s.threads, local_files_only=True
        )
        self.info = _model_info(found, device, compute_type)

    def transcribe(self, request: TranscriptionInput) -> Generator[Event, None, None]:
        yield Progress(0.0, 0.0)
        recording = self._recording(decode_sound(request.path, limits=self._settings.decoding))
        language, probability = self._language(request, recording)
        kept: list[Segment] = []
        dropped: list[Dropped] = []
        for segment, reason in self._segments(recording, self._options(request, language)):
            if reason:
                dropped.append(Dropped(segment.span, reason))
            else:
                kept.append(segment)
                yield segment
            yield Progress(segment.span.end_s / recording.duration_s, segment.span.end_s)
        dropped += self._skipped(recording.speech, [s.span for s in kept] + [d.span for d in dropped])
        yield TranscriptionResult(
            tuple(kept),
            tuple(sorted(dropped, key=lambda d: d.span.start_s)),
            language,
            probability,
            recording.duration_s,
            sum(span.duration_s for span in recording.speech),
            self.info,
        )

    def _recording(self, sound: Sound) -> Recording:
        s = self._settings
        options = VadOptions(
            threshold=s.vad_threshold,
            min_speech_duration_ms=s.min_speech_duration_ms,
            min_silence_duration_ms=s.min_silence_duration_ms,
            speech_pad_ms=0,  # `windows` pads
        )
        heard: list[Chunk] = []
        # Block by block: the network's input is several copies of what it is given.
        for start in range(0, sound.size, VAD_BLOCK) if is_audible(sound) else ():
            heard += shifted(get_speech_timestamps(sound[start : start + VAD_BLOCK], options), start)
        speech = joined(heard, s.min_silence_duration_ms * SAMPLE_RATE_HZ // 1000)
        padding = s.speech_pad_ms * SAMPLE_RATE_HZ // 1000
        return Recording(sound, tuple(map(span, speech)), windows(sound, speech, padding))

    def _language(self, request: TranscriptionInput, recording: Recording) -> tuple[str, float]:
        """The language that was asked for, or the likelier of those allowed with its share of their probability."""
        if request.language:
            return request.language, 1.0
        if not recording.windows:
            return self._settings.languages[0], 0.0
        _, _, every = self._model.detect_language(recording.samples(recording.windows[0]))
        allowed = {code: p for code, p in every if code in self._settings.languages}
        best = max(allowed, key=lambda code: allowed[code])
        return best, allowed[best] / (sum(allowed.values()) or 1.0)

    def _segments(self, recording: Recording, options: dict[str, Any]) -> Iterator[tuple[Segment, str]]:
        """Every segment in order of time, and why it must be left out if so."""
        drops, reached_s = Drops(), 0.0
        for first in range(0, len(recording.windows), self._batch_size):
            group = recording.windows[first : first + self._batch_size]
            for window in self._decoded(recording, group, options, reached_s):
                for segment in segments(window):
                    reached_s = segment.span.end_s
                    yield segment, drops.reason(segment, window)

    def _decoded(
        self, recording: Recording, group: Sequence[Window], options: dict[str, Any], after_s: float
    ) -> list[Decoded]:
        """A group of windows, all of them again at the next temperature when one fails."""
        chunks = [chunk for window in group for chunk in window]
        for temperature in self._settings.temperatures:
            found, _ = BatchedInferencePipeline(self._model).transcribe(
                recording.samples(chunks),
                clip_timestamps=clips(group),
                batch_size=len(group),
                temperature=temperature,
                **options,
            )
            restored = restore_speech_timestamps(found, chunks, SAMPLE_RATE_HZ)
            read = list(decoded(restored, recording.speech, map(recording.speech_s, group), after_s))
            if not any(map(is_failed, read)):
                break
        return read

    def _skipped(self, speech: Sequence[Span], covered: Sequence[Span]) -> list[Dropped]:
        """Speech in which no word was found; pauses that do not part speech belong to it."""
        longest_pause_s = self._settings.min_silence_duration_ms / 1000
        left = uncovered(speech, covered)
        return [Dropped(span, "no_speech") for span in left if span.duration_s > longest_pause_s]

    @property
    def _batch_size(self) -> int:
        return self._settings.batch_size or (1 if self.info.device == "cpu" else GPU_BATCH)

    def _options(self, request: TranscriptionInput, language: str) -> dict[str, Any]:
        s = self._settings
        prompt = request.initial_prompt if request.initial_prompt is not None else s.initial_prompts.get(language)
        return {
            "language": language,
            "beam_size": s.beam_size,
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
