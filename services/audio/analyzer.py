"""The analysis of one file from its parts."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.wire import Span
from services.audio.diarization import diarize
from services.audio.levels import levels
from services.audio.model import AudioResult, Event, Progress, Voices
from services.audio.settings import Settings
from services.audio.silero import FRAME_S, Silero
from services.audio.speech import pauses, speech_spans
from services.audio.voice_encoder import Resemblyzer
from services.audio.windows import windows

# The 95th percentile of the level of 30 ms frames is brought here, by at most this much.
TARGET_LEVEL_DBFS = -20.0
MOST_GAIN_DB = 40.0
LEVEL_FRAME = SAMPLE_RATE_HZ * 30 // 1000
SILENT_PEAK = 1e-4


class SoundAnalyzer:
    """Silero, resemblyzer and pydub over one file at a time."""

    def __init__(self, settings: Settings) -> None:
        """Load nothing yet."""
        self._settings = settings
        self._silero = Silero()
        self._encoder = Resemblyzer(settings.model, settings.model_dir, settings.threads)

    def load(self) -> None:
        """Load both networks. Raises WeightsError."""
        self._silero.load()
        self._encoder.load()
        # The first mel spectrogram compiles for many seconds; callers should not wait for that.
        one_window = windows((Span(0.0, self._settings.window_s),), self._settings)
        for _ in self._encoder.embeddings(np.zeros(2 * SAMPLE_RATE_HZ, np.float32), one_window):
            continue

    def analyze(self, path: Path) -> Generator[Event, None, None]:
        """See `AudioAnalyzer.analyze`."""
        sound = decode_sound(path)
        total_s = sound.size / SAMPLE_RATE_HZ
        yield Progress(0.05, 0.0)
        even = levelled(sound)
        speech = self._speech(even, total_s)
        yield Progress(0.2, 0.0)
        voices = yield from self._voices(even, speech)
        yield AudioResult(
            total_s=total_s,
            speech=speech,
            pauses=pauses(speech, self._settings.pause_s),
            voices=voices,
            levels=levels(sound, speech, self._settings.silence_below_dbfs),
            models=(self._silero.info, self._encoder.info),
        )

    def _speech(self, sound: NDArray[np.float32], total_s: float) -> tuple[Span, ...]:
        if np.abs(sound).max(initial=0.0) < SILENT_PEAK:
            return ()
        return speech_spans(self._silero.probabilities(sound), FRAME_S, total_s, self._settings)

    def _voices(self, sound: NDArray[np.float32], speech: tuple[Span, ...]) -> Generator[Event, None, Voices]:
        parts = windows(speech, self._settings)
        found: list[NDArray[np.float32]] = []
        for batch in self._encoder.embeddings(sound, parts):
            found.append(batch)
            done = sum(len(b) for b in found)
            yield Progress(0.2 + 0.75 * done / len(parts), parts[done - 1].span.end_s)
        embeddings = np.concatenate(found) if found else np.zeros((0, 256), np.float32)
        return diarize(embeddings, parts, self._settings)


def levelled(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound at the level that the networks expect; silence stays silence. Shape and type stay."""
    frames = sound[: sound.size // LEVEL_FRAME * LEVEL_FRAME].reshape(-1, LEVEL_FRAME)
    if not frames.size or np.abs(sound).max() < SILENT_PEAK:
        return sound
    rms = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
    loud_dbfs = 20 * np.log10(max(float(np.percentile(rms, 95)), 1e-6))
    gain_db = min(TARGET_LEVEL_DBFS - loud_dbfs, MOST_GAIN_DB)
    even: NDArray[np.float32] = np.clip(sound * np.float32(10 ** (gain_db / 20)), -1, 1)
    return even
