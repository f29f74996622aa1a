"""What the recogniser is told before it listens."""

from __future__ import annotations

from pathlib import Path

from orchestrator.activities import analysis
from services.transcriber import wire
from services.transcriber.model import TranscriptionInput
from services.transcriber.settings import Settings
from services.transcriber.whisper import prompts

ANSWER = Path("answer.flac")
QUESTION = "Mengapa Tokopedia?"


def test_the_question_is_told_in_the_language_that_is_expected() -> None:
    request = TranscriptionInput(ANSWER, "id", QUESTION)
    assert prompts(Settings(), request) == {"en": None, "id": QUESTION}


def test_where_no_language_is_expected_it_is_told_in_all() -> None:
    assert prompts(Settings(), TranscriptionInput(ANSWER, "", QUESTION)) == {"en": QUESTION, "id": QUESTION}


def test_it_follows_what_the_service_tells_anyway() -> None:
    settings = Settings(initial_prompts={"id": "Sebuah wawancara.", "en": "An interview."})
    request = TranscriptionInput(ANSWER, "id", QUESTION)
    assert prompts(settings, request) == {"en": "An interview.", "id": f"Sebuah wawancara. {QUESTION}"}


def test_a_question_is_never_longer_than_is_taken() -> None:
    assert analysis.MAX_PROMPT <= wire.MAX_PROMPT


def test_without_either_nothing_is_told() -> None:
    assert prompts(Settings(), TranscriptionInput(ANSWER, "en")) == {"en": None, "id": None}
