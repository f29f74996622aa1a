"""The analysis of one file from its parts."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from servicekit.decoding import SAMPLE_RATE_HZ, SoundReader, as_float, whole_pcm
from servicekit.wire import Progress, Span
from services.audio.levels import SILENT_PEAK, levelled, levels, peak
from services.audio.model import EVERYTHING, AudioResult, Event, Scope, Speaker, Voices
from services.audio.settings import Settings
from services.audio.silero import FRAME_S, Silero
from services.audio.speech import pauses, speech_spans
from services.audio.voices.clusters import Features
from services.audio.voices.compensation import read
from services.audio.voices.diarization import diarize
from services.audio.voices.encoder import EMBEDDING_SIZE, Resemblyzer
from services.audio.voices.pitch import window_pitches
from services.audio.voices.windows import Window, windows

# How much of the work is done after decoding, speech, embeddings and voices, as measured on an hour of sound.
SHARES = (0.1, 0.35, 0.85, 0.9)


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
        self._compensation = read(self._encoder.info.sha256)
        self._of_voices = tuple(info for info in (self._encoder.info, self._compensation.info) if info)
        # Stays for the process. Sums in another number of threads differ in their last bits, and so would answers.
        threadpool_limits(self._settings.threads)
        # The first mel spectrogram compiles for many seconds; callers should not wait for that.
        one_window = windows((Span(0.0, self._settings.window_s),), self._settings)
        for _ in self._encoder.embeddings(np.zeros(2 * SAMPLE_RATE_HZ, np.float32), one_window):
            continue

    def analyze(self, path: Path, scope: Scope = EVERYTHING) -> Generator[Event, None, None]:
        with closing(SoundReader(path, limits=self._settings.decoding)) as reader:
            pcm = whole_pcm(reader)
        total_s = pcm.size / SAMPLE_RATE_HZ
        yield Progress(SHARES[0], 0.0)
        # An hour is 230 MB as float32, so that nobody keeps any that is not in use.
        speech, voices = yield from self._heard(levelled(as_float(pcm)), total_s, scope)
        yield AudioResult(
            total_s=total_s,
            speech=speech,
            pauses=pauses(speech, self._settings.pause_s),
            voices=voices,
            levels=levels(as_float(pcm), speech, self._settings.silence_below_dbfs),
            models=(self._silero.info, *self._of_voices) if scope.voices else (self._silero.info,),
            missing=reader.missing,
            track=reader.probe.sound,
        )

    def _heard(
        self, sound: NDArray[np.float32], total_s: float, scope: Scope
    ) -> Generator[Event, None, tuple[tuple[Span, ...], Voices]]:
        """Speech and voices, of which the levelled sound is the ground; it ends here."""
        speech = yield from self._speech(sound, total_s)
        return speech, (yield from self._voices(sound, speech, total_s, scope)) if scope.voices else Voices()

    def _voices(
        self, sound: NDArray[np.float32], speech: tuple[Span, ...], total_s: float, scope: Scope
    ) -> Generator[Event, None, Voices]:
        voice = yield from self._features(sound, parts := windows(speech, self._settings))
        yield Progress(SHARES[2], total_s)
        voices = diarize(voice, parts, self._settings)
        yield Progress(SHARES[3], total_s)
        return voices if scope.identity else replace(voices, speakers=tuple(map(_unnamed, voices.speakers)))

    def _speech(self, sound: NDArray[np.float32], total_s: float) -> Generator[Event, None, tuple[Span, ...]]:
        if peak(sound) < SILENT_PEAK:
            return ()
        found: list[NDArray[np.float32]] = []
        for block in self._silero.probabilities(sound):
            found.append(block)
            done = min(1.0, FRAME_S * sum(map(len, found)) / total_s)
            yield Progress(_between(SHARES[0], SHARES[1], done), 0.0)
        return speech_spans(np.concatenate(found), FRAME_S, total_s, self._settings)

    def _features(self, sound: NDArray[np.float32], parts: Sequence[Window]) -> Generator[Event, None, Features]:
        embeddings, pitches = [np.zeros((0, EMBEDDING_SIZE), np.float32)], [np.zeros(0)]
        done = 0
        for batch in self._encoder.embeddings(sound, parts):
            embeddings.append(batch)
            pitches.append(window_pitches(sound, parts[done : done + len(batch)]))
            done += len(batch)
            yield Progress(_between(SHARES[1], SHARES[2], done / len(parts)), parts[done - 1].span.end_s)
        weights = np.array([part.weight_s for part in parts])
        heard = np.concatenate(embeddings)
        return Features(self._compensation.applied(heard), heard, weights, np.concatenate(pitches))


def _unnamed(speaker: Speaker) -> Speaker:
    return replace(speaker, embedding=(), pitch_hz=None)


def _between(low: float, high: float, share: float) -> float:
    return low + (high - low) * share
