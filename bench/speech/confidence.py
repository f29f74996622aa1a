"""Whether the transcript's confidence falls when its error rate rises: real speech under noise and on a telephone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from scipy.stats import spearmanr

from bench.speech.conditions import Sound, noisy, telephone
from bench.speech.recordings import utterances
from bench.speech.words import Recognizers, errors, normal
from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from services.transcriber.model import TranscriptionResult

SECONDS = 20.0
SNR_DB = (20.0, 10.0, 5.0, 0.0)
SEED = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """One file under one condition."""

    name: str
    condition: str
    error_rate: float
    result: TranscriptionResult


def heard(data: Path, recognizers: Recognizers, most_files: int) -> Iterator[Heard]:
    """Every joined file under every condition."""
    rng = np.random.default_rng(SEED)
    conditions: dict[str, Callable[[Sound], Sound]] = {"clean": lambda sound: sound, "telephone": telephone}
    for snr_db in SNR_DB:
        conditions[f"{snr_db:.0f} dB"] = partial(noisy, snr_db=snr_db, rng=rng)
    for name, sound, text in _joined(data, most_files):
        for condition, change in conditions.items():
            yield _heard(name, condition, change(sound), text, recognizers)


def _heard(name: str, condition: str, sound: Sound, text: str, recognizers: Recognizers) -> Heard:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        soundfile.write(file.name, sound, SAMPLE_RATE_HZ)
        spoken, result = recognizers.transcript(Path(file.name))
    return Heard(name, condition, errors(text, spoken) / max(1, len(normal(text).split())), result)


def _joined(data: Path, most_files: int) -> list[tuple[str, Sound, str]]:
    """Utterances of one voice joined to files of about 20 s, drawn evenly over the voices."""
    made: dict[str, list[tuple[str, Sound, str]]] = {}
    for name in ("ljspeech", "librispeech", "speechocean762"):
        parts: dict[str, tuple[list[Sound], list[str]]] = {}
        for utterance in utterances(data, name):
            sounds, texts = parts.setdefault(utterance.speaker, ([], []))
            sounds += [decode_sound(utterance.path), np.zeros(SAMPLE_RATE_HZ // 2, np.float32)]
            texts.append(utterance.text)
            if sum(map(len, sounds)) > SECONDS * SAMPLE_RATE_HZ:
                files = made.setdefault(utterance.speaker, [])
                files.append((f"{utterance.speaker} {len(files)}", np.concatenate(sounds), " ".join(texts)))
                parts[utterance.speaker] = ([], [])
    rounds = max(map(len, made.values()))
    evenly = [files[i] for i in range(rounds) for files in made.values() if i < len(files)]
    return evenly[:most_files]


def correlation(confidences: list[float], error_rates: list[float]) -> float:
    """Spearman's rank correlation; -1 when the confidence falls whenever the error rate rises."""
    return float(spearmanr(confidences, error_rates).statistic)
