"""Whether the question as the recogniser's prompt helps: answers that say names and terms of their questions.

`python -m bench.speech.made_speech FOLDER` speaks them (`terms.yaml`). Each is read without a prompt, with its own
question, and with the next answer's, which must do no harm.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from bench.speech.words import Recognizers, errors, normal
from servicekit.decoding import SAMPLE_RATE_HZ

FOLDER = "terms"
PROMPTS = ("none", "its question", "another question")
NOISE_S, NOISE_LEVEL = 60.0, 0.02


@dataclass(frozen=True, slots=True)
class Answer:
    """A spoken answer with the terms that it shares with its question."""

    path: Path
    language: str
    question: str
    text: str
    terms: Sequence[str]


@dataclass(slots=True)
class Row:
    """Counts of one language with one kind of prompt."""

    language: str
    prompt: str
    words: int = 0
    errors: int = 0
    terms: int = 0
    terms_right: int = 0
    invented: int = 0
    """Words that were read in noise."""


def measured(data: Path, recognizers: Recognizers) -> Iterator[Row]:
    """A row for each language and prompt."""
    manifest = (data / FOLDER / "manifest.jsonl").read_text("utf-8").splitlines()
    answers = [Answer(data / FOLDER / row.pop("audio"), **row) for row in map(json.loads, manifest)]
    noise = _noise(data / FOLDER / "noise.flac")
    for language in sorted({answer.language for answer in answers}):
        spoken = [answer for answer in answers if answer.language == language]
        for prompt in PROMPTS:
            row = Row(language, prompt)
            for answer, following in zip(spoken, [*spoken[1:], spoken[0]], strict=True):
                asked = {"none": "", "its question": answer.question, "another question": following.question}[prompt]
                _add(row, answer, _text(recognizers, answer.path, language, asked))
            asked = "" if prompt == "none" else spoken[0].question
            row.invented = len(_text(recognizers, noise, language, asked).split())
            yield row


def _add(row: Row, answer: Answer, text: str) -> None:
    row.words += len(normal(answer.text).split())
    row.errors += errors(answer.text, text)
    row.terms += len(answer.terms)
    row.terms_right += sum(f" {normal(term)} " in f" {normal(text)} " for term in answer.terms)


def _text(recognizers: Recognizers, path: Path, language: str, prompt: str) -> str:
    return recognizers.transcript(path, language, prompt)[0]


def _noise(path: Path) -> Path:
    """A minute of noise as a room has it."""
    sound = np.random.default_rng(1).normal(0, NOISE_LEVEL, int(NOISE_S * SAMPLE_RATE_HZ))
    soundfile.write(path, np.convolve(sound, np.ones(8) / 8, "same"), SAMPLE_RATE_HZ)
    return path
