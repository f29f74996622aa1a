"""Word error rate and time of our transcriber beside bare faster-whisper with the same weights and beam."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jiwer
from faster_whisper import BatchedInferencePipeline, WhisperModel

from bench.speech.recordings import Utterance, sets
from servicekit.weights.resolver import resolve
from services.transcriber.model import Segment, TranscriptionInput, TranscriptionResult
from services.transcriber.settings import Settings
from services.transcriber.whisper import Whisper

BEAM = 5
BATCH = 8
WORSE = 0.01
_WORD = re.compile(r"[^\w' ]+")


@dataclass(slots=True)
class Words:
    """Errors and time on one set."""

    name: str
    files: int = 0
    words: int = 0
    errors: int = 0
    bare_errors: int = 0
    batched_errors: int = 0
    seconds: float = 0.0
    bare_seconds: float = 0.0
    batched_seconds: float = 0.0
    worse: int = 0
    """Files with more errors than the bare library has and one word in a hundred, rounded up."""


class Recognizers:
    """Ours, the bare library, and the library's batched pipeline, with one thread each."""

    def __init__(self) -> None:
        """Load the weights once for ours and once for both others."""
        settings = Settings(threads=1, beam_size=BEAM)
        self.ours = Whisper(settings)
        self.ours.load()
        folder = resolve(settings.model, settings.model_dir).directory
        self.bare = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
        self.batched = BatchedInferencePipeline(self.bare)

    def transcript(self, path: Path, language: str = "en", question: str = "") -> tuple[str, TranscriptionResult]:
        """Our text and result; the question is the prompt, as the orchestrator sends it."""
        events = list(self.ours.transcribe(TranscriptionInput(path, language, initial_prompt=question)))
        result = next(event for event in events if isinstance(event, TranscriptionResult))
        return " ".join(event.text for event in events if isinstance(event, Segment)), result

    def bare_text(self, path: Path, language: str = "en") -> str:
        """The bare library's text."""
        found, _ = self.bare.transcribe(str(path), language=language, beam_size=BEAM, word_timestamps=True)
        return " ".join(segment.text.strip() for segment in found)

    def batched_text(self, path: Path, language: str = "en") -> str:
        """The batched pipeline's text; it needs voice activity detection and uses the library's own settings."""
        found, _ = self.batched.transcribe(
            str(path), language=language, beam_size=BEAM, word_timestamps=True, batch_size=BATCH
        )
        return " ".join(segment.text.strip() for segment in found)


def measured(data: Path | None, recognizers: Recognizers) -> Iterator[Words]:
    """A row for each set; seconds are of CPU time."""
    for name, utterances in sets(data).items():
        row = Words(name)
        for utterance in utterances:
            _add(row, utterance, recognizers)
        yield row


def _add(row: Words, said: Utterance, recognizers: Recognizers) -> None:
    row.files += 1
    row.words += len(normal(said.text).split())
    started = time.process_time()
    ours, _ = recognizers.transcript(said.path, said.language, said.question)
    row.seconds += (after := time.process_time()) - started
    bare = recognizers.bare_text(said.path, said.language)
    row.bare_seconds += (last := time.process_time()) - after
    batched = recognizers.batched_text(said.path, said.language)
    row.batched_seconds += time.process_time() - last
    found, peers = errors(said.text, ours), errors(said.text, bare)
    row.errors += found
    row.bare_errors += peers
    row.worse += found > peers + math.ceil(len(normal(said.text).split()) * WORSE)
    row.batched_errors += errors(said.text, batched)


def errors(reference: str, hypothesis: str) -> int:
    """Substitutions, deletions and insertions of words, without case and punctuation."""
    found = jiwer.process_words(normal(reference), normal(hypothesis))
    return int(found.substitutions + found.deletions + found.insertions)


def normal(text: str) -> str:
    """Lower case without punctuation; hyphens part words."""
    return " ".join(_WORD.sub(" ", text.lower()).split())
