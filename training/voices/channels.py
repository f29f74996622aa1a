"""Channels that are drawn: telephone lines, microphones, rooms. Samples are float32 at 16 kHz.

They share no filter and no room with those of `bench.speech.conditions`, which measure.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from servicekit.decoding import SAMPLE_RATE_HZ

Sound = NDArray[np.float32]
Channel = Callable[[Sound, np.random.Generator], Sound]
NYQUIST_HZ = SAMPLE_RATE_HZ / 2
# Reverberation times in seconds, and the level of the direct sound over the echo's in dB: bathrooms to studies.
ROOM_S, DIRECT_DB = (0.15, 0.8), (-6.0, 8.0)
ROOM_LOWPASS_HZ = (2000.0, 7000.0)
FIRST_ECHO_S = 0.002
LINE_LOW_HZ, LINE_HIGH_HZ = (150.0, 450.0), (3000.0, 4200.0)
TILT_HZ, PEAK_HZ, PEAK_DB = (200.0, 2500.0), (300.0, 5000.0), (-12.0, 12.0)
NOISE_DB = (8.0, 30.0)


def unchanged(sound: Sound, rng: np.random.Generator) -> Sound:
    """As it is."""
    return sound


def line(sound: Sound, rng: np.random.Generator) -> Sound:
    """A telephone line: a narrow band, coarse steps for quiet samples too."""
    band = (rng.uniform(*LINE_LOW_HZ), rng.uniform(*LINE_HIGH_HZ))
    heard = signal.sosfilt(
        signal.butter(int(rng.integers(2, 6)), band, "bandpass", fs=SAMPLE_RATE_HZ, output="sos"), sound
    )
    peak = np.abs(heard).max() or 1.0
    coded = np.sign(heard) * np.log1p(255 * np.abs(heard) / peak) / np.log(256)
    coarse = np.round(coded * 64) / 64
    return _like(np.sign(coarse) * np.expm1(np.abs(coarse) * np.log(256)), sound)


def microphone(sound: Sound, rng: np.random.Generator) -> Sound:
    """One that is dull or thin, with peaks and dips."""
    kind = str(rng.choice(["lowpass", "highpass"]))
    corner_hz = rng.uniform(1000, 5000) if kind == "lowpass" else rng.uniform(100, 600)
    heard = signal.sosfilt(
        signal.butter(int(rng.integers(1, 3)), corner_hz, kind, fs=SAMPLE_RATE_HZ, output="sos"), sound
    )
    for _ in range(2):
        gain = 10 ** (rng.uniform(*PEAK_DB) / 20) - 1
        heard = heard + gain * signal.lfilter(
            *signal.iirpeak(rng.uniform(*PEAK_HZ), rng.uniform(0.7, 3), fs=SAMPLE_RATE_HZ), heard
        )
    return _like(heard, sound)


def room(sound: Sound, rng: np.random.Generator) -> Sound:
    """An echo of noise that falls by 60 dB in the reverberation time, duller than what comes directly."""
    seconds, direct_db = rng.uniform(*ROOM_S), rng.uniform(*DIRECT_DB)
    time_s = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = rng.standard_normal(time_s.size) * 10 ** (-3 * time_s / seconds)
    tail = signal.sosfilt(signal.butter(1, rng.uniform(*ROOM_LOWPASS_HZ), fs=SAMPLE_RATE_HZ, output="sos"), tail)
    tail[: round(FIRST_ECHO_S * SAMPLE_RATE_HZ)] = 0.0
    tail *= 10 ** (-direct_db / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    return _like(signal.fftconvolve(sound, tail)[: sound.size], sound)


def noise(sound: Sound, rng: np.random.Generator) -> Sound:
    """Noise that is dull, as fans make it."""
    hiss = signal.lfilter([1.0], [1.0, -rng.uniform(0.0, 0.97)], rng.standard_normal(sound.size))
    level = np.sqrt(np.mean(sound**2)) * 10 ** (-rng.uniform(*NOISE_DB) / 20) / np.sqrt(np.mean(hiss**2))
    return _like(sound + level * hiss, sound)


def far(sound: Sound, rng: np.random.Generator) -> Sound:
    """A room, then another microphone, with noise."""
    return noise(microphone(room(sound, rng), rng), rng)


CHANNELS: tuple[Channel, ...] = (unchanged, line, microphone, room, room, noise, far)


def _like(heard: NDArray[np.float64], sound: Sound) -> Sound:
    """At the level of `sound`."""
    power = float(np.sqrt(np.mean(heard**2))) or 1.0
    level: Sound = (heard * (float(np.sqrt(np.mean(sound**2))) / power)).astype(np.float32)
    return level
