"""What recordings suffer: noise, a telephone line, distance, level. Samples are float32 at 16 kHz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from servicekit.decoding import SAMPLE_RATE_HZ

Sound = NDArray[np.float32]
TELEPHONE_HZ = (300.0, 3400.0)


def level_db(sound: Sound) -> float:
    """RMS level of the louder half of 30 ms frames in dB to full scale: speech without its pauses."""
    frames = sound[: sound.size // 480 * 480].reshape(-1, 480)
    rms = np.sqrt((frames.astype(np.float64) ** 2).mean(axis=1))
    return 20 * float(np.log10(max(float(rms[rms >= np.median(rms)].mean()), 1e-6)))


def at_level(sound: Sound, db: float) -> Sound:
    """The sound brought to a level."""
    scaled: Sound = (sound * 10 ** ((db - level_db(sound)) / 20)).astype(np.float32)
    return scaled


def noisy(sound: Sound, snr_db: float, rng: np.random.Generator) -> Sound:
    """With pink noise, as fans and rooms make it, `snr_db` under the speech."""
    noise = at_level(pink(sound.size, rng), level_db(sound) - snr_db)
    both: Sound = np.clip(sound + noise, -1, 1).astype(np.float32)
    return both


def pink(samples: int, rng: np.random.Generator) -> Sound:
    """Noise whose power falls by 3 dB an octave."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1.0))
    noise = np.fft.irfft(spectrum, samples)
    even: Sound = (0.1 * noise / noise.std()).astype(np.float32)
    return even


def telephone(sound: Sound) -> Sound:
    """300 to 3,400 Hz at 8 kHz with the 8 bits of mu-law, back at 16 kHz."""
    band = signal.butter(4, TELEPHONE_HZ, "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    narrow = signal.resample_poly(signal.sosfilt(band, sound), 1, 2)
    narrow = np.clip(narrow, -1, 1)
    coded = np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256)
    coded = np.round(coded * 127) / 127
    decoded = np.sign(coded) * np.expm1(np.abs(coded) * np.log(256)) / 255
    heard: Sound = signal.resample_poly(decoded, 2, 1)[: sound.size].astype(np.float32)
    return heard


def muffled(sound: Sound) -> Sound:
    """A head that has turned away from the microphone: 6 dB quieter, without its heights."""
    low = signal.butter(2, 2000.0, "lowpass", fs=SAMPLE_RATE_HZ, output="sos")
    heard: Sound = (0.5 * signal.sosfilt(low, sound)).astype(np.float32)
    return heard


def thin(sound: Sound) -> Sound:
    """The microphone of a small headset: without its lows, with a peak about 3 kHz."""
    high = signal.butter(2, 350.0, "highpass", fs=SAMPLE_RATE_HZ, output="sos")
    peak = signal.iirpeak(3000.0, 2.0, fs=SAMPLE_RATE_HZ)
    base = signal.sosfilt(high, sound)
    heard: Sound = (base + 1.5 * signal.lfilter(*peak, base)).astype(np.float32)
    return at_level(heard, level_db(sound))


def echoing(sound: Sound, seconds: float = 0.5) -> Sound:
    """In a room whose echo falls by 60 dB in so many seconds."""
    time_s = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = np.random.default_rng(1).standard_normal(len(time_s)) * 10 ** (-3 * time_s / seconds) * 0.05
    tail[0] = 1.0
    heard: Sound = signal.fftconvolve(sound, tail)[: sound.size].astype(np.float32)
    return at_level(heard, level_db(sound))


def distant(sound: Sound, rng: np.random.Generator) -> Sound:
    """From further away: duller, 8 dB quieter, with the echo of a room of 0.3 s."""
    echo = rng.standard_normal(int(0.3 * SAMPLE_RATE_HZ)) * np.exp(-np.arange(int(0.3 * SAMPLE_RATE_HZ)) / 1000)
    echo = 0.6 * echo / np.sqrt((echo**2).sum())
    echo[0] += 1.0
    dull = signal.butter(1, 3000.0, fs=SAMPLE_RATE_HZ, output="sos")
    there = signal.fftconvolve(signal.sosfilt(dull, sound), echo)[: sound.size].astype(np.float32)
    return at_level(there, level_db(sound) - 8)


def babble(voices: list[Sound], samples: int, rng: np.random.Generator) -> Sound:
    """Twelve talkers at once, none to be understood."""
    talkers = [np.resize(np.concatenate(rng.permutation(np.array(voices, object))), samples) for _ in range(12)]
    shifted = [np.roll(at_level(t.astype(np.float32), -26), int(rng.integers(samples))) for t in talkers]
    room: Sound = np.clip(np.sum(shifted, axis=0), -1, 1).astype(np.float32)
    return room
