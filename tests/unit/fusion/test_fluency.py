from __future__ import annotations

import pytest

from orchestrator.evidence import Segment, Transcript, Word
from orchestrator.fusion.fluency import fillers, syllables
from orchestrator.fusion.speech import speech_analysis
from servicekit.wire import Span
from tests.support import evidence as made


def said(text: str, language: str = "en") -> Transcript:
    """A word a second."""
    words = tuple(Word(Span(float(i), i + 0.5), word, 0.9) for i, word in enumerate(text.split()))
    segment = Segment(Span(0.0, float(len(words))), text, words, -0.3, 0.01, 0.9)
    return made.transcript(segments=(segment,), language=language, word_count=len(words))


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("strengths", "en", 1),
        ("time", "en", 1),
        ("table", "en", 2),
        ("worked", "en", 1),
        ("wanted", "en", 2),
        ("changes", "en", 2),
        ("makes", "en", 1),
        ("the", "en", 1),
        ("I've fixed a slow database query.", "en", 9),
        ("TV", "en", 1),
        ("saya", "id", 2),
        ("pengalaman kerja", "id", 6),
        ("kalau pulau sungai", "id", 6),
        ("", "en", 0),
    ],
)
def test_syllables(text: str, language: str, count: int) -> None:
    assert syllables(text, language) == count


def test_fillers_have_their_times() -> None:
    found = fillers(said("Um, I mean we, you know, sort it. Hmm."))
    assert [f.text for f in found] == ["um", "i mean", "you know", "hmm"]
    assert [(f.span.start_s, f.span.end_s) for f in found] == [(0.0, 0.5), (1.0, 2.5), (4.0, 5.5), (8.0, 8.5)]


def test_fillers_are_those_of_the_language() -> None:
    assert [f.text for f in fillers(said("Anu, saya, eh, apa namanya, kerja", "id"))] == ["anu", "eh", "apa namanya"]
    assert fillers(said("anu eh gitu ya")) == ()


def test_words_with_a_meaning_are_no_fillers() -> None:
    assert fillers(said("I like the kind people; you must know what they mean")) == ()


def test_rates_have_the_time_that_they_name() -> None:
    speech = speech_analysis(made.answer())
    # Nine words of twelve syllables in 3.5 s of speech within 20 s.
    assert speech.articulation_rate == pytest.approx(12 / 3.5, abs=0.01)
    assert speech.filler_word_count == 0
    assert speech.nonsilent_ratio is not None


def test_without_a_transcript_the_sound_is_still_measured() -> None:
    speech = speech_analysis(made.answer(transcript=None))
    assert (speech.articulation_rate, speech.filler_word_count, speech.speech_rate_wpm) == (None, None, None)
    assert speech.speaking_ratio == pytest.approx(3.5 / 20, abs=0.01)


def test_without_sound_the_words_are_still_counted() -> None:
    speech = speech_analysis(made.answer(audio=None))
    assert (speech.articulation_rate, speech.filler_word_count, speech.speaking_ratio) == (None, 0, None)
