"""faster-whisper."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Generator, Sequence

import ctranslate2
from faster_whisper.vad import VadOptions, get_speech_timestamps

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.weights.resolver import ResolvedModel, resolve
from servicekit.wire import Model, Progress, Span
from services.transcriber.choice import Reader
from services.transcriber.drops import Drops, uncovered
from services.transcriber.model import (
    Dropped,
    Event,
    LanguageShare,
    Segment,
    TranscriptionInput,
    TranscriptionResult,
    shares,
)
from services.transcriber.readings import EncodingOnce, WhisperReadings
from services.transcriber.sentences import segments
from services.transcriber.settings import Settings
from services.transcriber.windows import (
    Chunk,
    Recording,
    Sound,
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
        self._model: EncodingOnce
        self.info: Model
        """What transcribes; known once loaded."""

    def load(self) -> None:
        """Resolve and load the weights. Raises WeightsError; a device that is not there is an error too."""
        s = self._settings
        found = resolve(s.model, s.model_dir, s.hf_endpoint, s.hf_token.get_secret_value())
        device, compute_type = choose_device(s.device, s.compute_type)
        self._model = EncodingOnce(
            str(found.directory), device=device, compute_type=compute_type, cpu_threads=s.threads, local_files_only=True
        )
        self.info = _model_info(found, device, compute_type)

    def transcribe(self, request: TranscriptionInput) -> Generator[Event, None, None]:
        yield Progress(0.0, 0.0)
        recording = self._recording(decode_sound(request.path, limits=self._settings.decoding))
        readings = self._readings(request)
        expected, probability = self._language(request, recording, readings)
        kept: list[Segment] = []
        dropped: list[Dropped] = []
        for segment, reason in self._segments(recording, readings, expected):
            if reason:
                dropped.append(Dropped(segment.span, reason))
            else:
                kept.append(segment)
                yield segment
            yield Progress(segment.span.end_s / recording.duration_s, segment.span.end_s)
        dropped += self._skipped(recording.speech, [s.span for s in kept] + [d.span for d in dropped])
        main = next(iter(shares(kept)), LanguageShare(expected, probability))
        yield TranscriptionResult(
            tuple(kept),
            tuple(sorted(dropped, key=lambda d: d.span.start_s)),
            main.language,
            probability if main.language == expected else main.share,
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

    def _language(
        self, request: TranscriptionInput, recording: Recording, readings: WhisperReadings
    ) -> tuple[str, float]:
        """The language that was asked for, or the likelier of those allowed with its share of their probability."""
        if request.language:
            return request.language, 1.0
        if not recording.windows:
            return self._settings.languages[0], 0.0
        allowed = readings.opinion(recording, recording.windows[0], self._settings.languages)
        best = max(allowed, key=lambda code: allowed[code])
        return best, allowed[best] / (sum(allowed.values()) or 1.0)

    def _segments(
        self, recording: Recording, readings: WhisperReadings, expected: str
    ) -> Generator[tuple[Segment, str], None, None]:
        """Every segment in order of time, and why it must be left out if so."""
        s = self._settings
        reader = Reader(recording, readings, s.languages, s.temperatures, s.min_silence_duration_ms / 1000)
        drops, reached_s = Drops(), 0.0
        for first in range(0, len(recording.windows), self._batch_size):
            group = recording.windows[first : first + self._batch_size]
            for read in reader.read(group, expected, reached_s):
                for segment in segments(read):
                    reached_s = segment.span.end_s
                    yield segment, drops.reason(segment, read)

    def _skipped(self, speech: Sequence[Span], covered: Sequence[Span]) -> list[Dropped]:
        """Speech in which no word was found; pauses that do not part speech belong to it."""
        longest_pause_s = self._settings.min_silence_duration_ms / 1000
        left = uncovered(speech, covered)
        return [Dropped(span, "no_speech") for span in left if span.duration_s > longest_pause_s]

    @property
    def _batch_size(self) -> int:
        return self._settings.batch_size or (1 if self.info.device == "cpu" else GPU_BATCH)

    def _readings(self, request: TranscriptionInput) -> WhisperReadings:
        s = self._settings
        return WhisperReadings(self._model, s.beam_size, prompts(s, request))


def prompts(settings: Settings, request: TranscriptionInput) -> dict[str, str | None]:
    """What the model is told before it listens, by language: the setting's text, then the call's.

    The call's is in the language that is expected; what somebody says in another one is read without it.
    """
    expected = (request.language,) if request.language else settings.languages
    asked = dict.fromkeys(expected, request.initial_prompt)
    found = {code: (settings.initial_prompts.get(code), asked.get(code)) for code in settings.languages}
    return {code: " ".join(filter(None, texts)) or None for code, texts in found.items()}


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
