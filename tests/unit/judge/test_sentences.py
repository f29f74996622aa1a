from __future__ import annotations

import pytest

from services.judge import sentences
from services.judge.model import RatedAnswer, Rating


def ratings(quality: float, coherence: float, relevance: float, quote: str = "") -> tuple[Rating, ...]:
    return (
        Rating("quality", quality, 0.6, quote),
        Rating("coherence", coherence, 0.6),
        Rating("relevance", relevance, 0.6, quote),
    )


def test_both_languages_say_the_same_things() -> None:
    english, indonesian = sentences.TEXT["en"], sentences.TEXT["id"]
    assert english.keys() == indonesian.keys()


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_summary_names_the_best_and_the_worst(language: str) -> None:
    answers = [
        RatedAnswer("What is a lock?", ratings(80, 70, 90, "a lock keeps others out"), 80, "…"),
        RatedAnswer("Why us? " + "really " * 40, ratings(20, 50, 60), 43.3, "…"),
        RatedAnswer("What is a queue?", ratings(60, 60, 60), 60, "…"),
    ]
    found = sentences.summary(answers, 0.6, language)
    assert found.index("What is a lock?") < found.index("Why us?")
    assert "a lock keeps others out" in found
    assert "61" in found
    assert "37" in found
    assert 100 <= len(found.split()) <= 200


@pytest.mark.parametrize(("language", "said"), [("en", "All answers score alike (80)."), ("id", "bernilai sama (80).")])
def test_answers_that_score_alike_have_no_weakest(language: str, said: str) -> None:
    answers = [RatedAnswer(f"Question {n}?", ratings(80, 80, 80, "I did it."), 80.0 + n / 10, "") for n in range(3)]
    found = sentences.summary(answers, 0.8, language)
    assert said in found
    assert " 0 " not in found
