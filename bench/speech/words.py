"""Word error rate and time of our transcriber beside bare faster-whisper with the same weights and beam."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class File:
    """Word errors in one file."""

    name: str
    words: int
    errors: int
    """Told the question, if the file has one."""
    untold_errors: int
    """Told nothing."""
    bare_errors: int

    @property
    def is_worse(self) -> bool:
        """Whether it has more errors than the bare library has and one word in a hundred, rounded up."""
        return is_worse(self.errors, self.bare_errors, self.words)

    @property
    def is_worse_untold(self) -> bool:
        """The same without the question."""
        return is_worse(self.untold_errors, self.bare_errors, self.words)


def is_worse(found: int, peers: int, words: int) -> bool:
    """Whether a file has more errors than the bare library's and one word in a hundred, rounded up."""
    return found > peers + math.ceil(words * WORSE)


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
    each: list[File] = field(default_factory=list)

    @property
    def worse(self) -> int:
        """Files that are worse than with the bare library."""
        return sum(file.is_worse for file in self.each)


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
    started = time.process_time()
    ours, _ = recognizers.transcript(said.path, said.language, said.question)
    row.seconds += (after := time.process_time()) - started
    bare = recognizers.bare_text(said.path, said.language)
    row.bare_seconds += (last := time.process_time()) - after
    batched = recognizers.batched_text(said.path, said.language)
    row.batched_seconds += time.process_time() - last
    untold = recognizers.transcript(said.path, said.language)[0] if said.question else ours
    found, told_nothing, peers = (errors(said.text, text) for text in (ours, untold, bare))
    file = File(said.path.stem, len(normal(said.text).split()), found, told_nothing, peers)
    row.each.append(file)
    row.files += 1
    row.words += file.words
    row.errors += file.errors
    row.bare_errors += file.bare_errors
    row.batched_errors += errors(said.text, batched)


def errors(reference: str, hypothesis: str) -> int:
    """Substitutions, deletions and insertions of words, without case and punctuation."""
    found = jiwer.process_words(normal(reference), normal(hypothesis))
    return int(found.substitutions + found.deletions + found.insertions)


def normal(text: str) -> str:
    """Lower case without punctuation; hyphens part words."""
    return " ".join(_WORD.sub(" ", text.lower()).split())
