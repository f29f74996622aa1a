"""Words where nobody says any: silence, noise, music, beeps, a room full of talkers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from bench.speech.conditions import Sound, at_level, babble, pink
from bench.speech.words import Recognizers
from servicekit.decoding import SAMPLE_RATE_HZ

SEED = 11
# A minor, F, C, G: fundamentals of three-note chords in Hz.
CHORDS = ((220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (261.6, 329.6, 392.0), (196.0, 246.9, 293.7))
BEAT_S = 0.5
BARE_S = 60
QUESTION = "Why did you move from PostgreSQL to CockroachDB, and what did Acme Robotics say?"
"""The recogniser's prompt, as an interview has one."""


@dataclass(frozen=True, slots=True)
class Invented:
    """What was written down though nobody spoke to be understood."""

    name: str
    words: int
    bare_words: int
    """Of the bare library, in the first minute."""
    dropped_s: float


def measured(voices: dict[str, list[Sound]], recognizers: Recognizers, minutes: float) -> Iterator[Invented]:
    """A row a sound of `minutes`; babble only of the voices there are."""
    rng, samples = np.random.default_rng(SEED), int(minutes * 60 * SAMPLE_RATE_HZ)
    sounds: dict[str, Sound] = {
        "silence": np.zeros(samples, np.float32),
        "quiet room": (1e-3 * pink(samples, rng) / 0.1).astype(np.float32),
        "pink noise": at_level(pink(samples, rng), -26),
        "white noise": rng.normal(0, 0.05, samples).astype(np.float32),
        "music": music(samples, rng),
        "beeps": beeps(samples),
    }
    if voices:
        everyone = [sound for sounds_ in voices.values() for sound in sounds_]
        sounds["babble of twelve"] = babble(everyone, samples, rng)
    for name, sound in sounds.items():
        yield _transcribed(name, sound, recognizers)


def _transcribed(name: str, sound: Sound, recognizers: Recognizers) -> Invented:
    with tempfile.NamedTemporaryFile(suffix=".flac") as file:
        soundfile.write(file.name, sound, SAMPLE_RATE_HZ)
        text, result = recognizers.transcript(Path(file.name), question=QUESTION)
    with tempfile.NamedTemporaryFile(suffix=".flac") as file:
        soundfile.write(file.name, sound[: BARE_S * SAMPLE_RATE_HZ], SAMPLE_RATE_HZ)
        bare = recognizers.bare_text(Path(file.name))
    dropped_s = sum(d.span.duration_s for d in result.dropped)
    return Invented(name, len(text.split()), len(bare.split()), dropped_s)


def music(samples: int, rng: np.random.Generator) -> Sound:
    """Plucked chords with a melody on top and a drum on each beat."""
    beat = int(BEAT_S * SAMPLE_RATE_HZ)
    times = np.arange(beat) / SAMPLE_RATE_HZ
    drum = rng.normal(0, 0.2, beat) * np.exp(-times * 40)
    parts = []
    for number in range(samples // beat + 1):
        chord = CHORDS[number // 4 % len(CHORDS)]
        tones = [*chord, 2 * chord[int(rng.integers(3))]]
        strings = sum(np.sin(2 * np.pi * tone * k * times) / k for tone in tones for k in (1, 2, 3))
        parts.append(0.05 * strings * np.exp(-times * 3) + 0.3 * drum)
    return np.concatenate(parts)[:samples].astype(np.float32)


def beeps(samples: int) -> Sound:
    """A second of 1 kHz every five seconds."""
    times = np.arange(samples) / SAMPLE_RATE_HZ
    sounding: Sound = (0.3 * np.sin(2 * np.pi * 1000 * times) * (times % 5 < 1)).astype(np.float32)
    return sounding
