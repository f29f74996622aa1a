"""Whether the transcript's confidence falls when its error rate rises: real speech under noise and on a telephone."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from scipy.stats import spearmanr

from bench.speech.conditions import Sound, noisy, telephone
from bench.speech.recordings import Utterance, sets
from bench.speech.words import Recognizers, errors, normal
from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from services.transcriber.model import TranscriptionResult

SECONDS = 20.0
SNR_DB = (20.0, 10.0, 5.0, 0.0)
SEED = 5
MEASURED = ("sample interview", "ljspeech", "librispeech", "speechocean762")


@dataclass(frozen=True, slots=True)
class Heard:
    """One file under one condition."""

    name: str
    condition: str
    error_rate: float
    result: TranscriptionResult


@dataclass(frozen=True, slots=True)
class Speech:
    """About 20 s of one voice and what it says."""

    name: str
    sound: Sound
    text: str
    language: str


def heard(data: Path | None, recognizers: Recognizers, most_files: int) -> Iterator[Heard]:
    """Every joined file under every condition."""
    rng = np.random.default_rng(SEED)
    conditions: dict[str, Callable[[Sound], Sound]] = {"clean": lambda sound: sound, "telephone": telephone}
    for snr_db in SNR_DB:
        conditions[f"{snr_db:.0f} dB"] = partial(noisy, snr_db=snr_db, rng=rng)
    for speech in joined(data, most_files):
        for condition, change in conditions.items():
            yield _heard(speech, condition, change(speech.sound), recognizers)


def _heard(speech: Speech, condition: str, sound: Sound, recognizers: Recognizers) -> Heard:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        soundfile.write(file.name, sound, SAMPLE_RATE_HZ)
        text, result = recognizers.transcript(Path(file.name), speech.language)
    rate = errors(speech.text, text) / max(1, len(normal(speech.text).split()))
    return Heard(speech.name, condition, rate, result)


def joined(data: Path | None, most_files: int) -> list[Speech]:
    """Utterances of one voice joined to files of about 20 s, drawn evenly over the voices."""
    by_voice: dict[str, list[Utterance]] = defaultdict(list)
    for name, utterances in sets(data).items():
        for utterance in utterances if name in MEASURED else ():
            by_voice[utterance.speaker].append(utterance)
    files = [list(_files(speaker, own)) for speaker, own in by_voice.items()]
    rounds = max(map(len, files))
    return [of_voice[i] for i in range(rounds) for of_voice in files if i < len(of_voice)][:most_files]


def _files(speaker: str, utterances: list[Utterance]) -> Iterator[Speech]:
    sounds: list[Sound] = []
    texts: list[str] = []
    for utterance in utterances:
        sounds += [decode_sound(utterance.path), np.zeros(SAMPLE_RATE_HZ // 2, np.float32)]
        texts.append(utterance.text)
        if sum(map(len, sounds)) > SECONDS * SAMPLE_RATE_HZ:
            yield Speech(speaker, np.concatenate(sounds), " ".join(texts), utterance.language)
            sounds, texts = [], []


def correlation(confidences: list[float], error_rates: list[float]) -> float:
    """Spearman's rank correlation; -1 when the confidence falls whenever the error rate rises."""
    return float(spearmanr(confidences, error_rates).statistic)
