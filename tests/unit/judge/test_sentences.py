from __future__ import annotations

import pytest

from services.judge.model import RatedAnswer, Rating
from services.judge.words import sentences


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


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("totals", [(80.0, 40.0), (60.0, 60.0)])
def test_criteria_of_a_rubrics_own_are_summed_up_too(language: str, totals: tuple[float, float]) -> None:
    answers = [
        RatedAnswer(f"Question {n}?", (Rating("even", total), Rating("use_of_tools", total - 7)), total, "")
        for n, total in enumerate(totals)
    ]
    found = sentences.summary(answers, None, language)
    assert f"even {round(sum(totals) / 2)}, use of tools {round(sum(totals) / 2) - 7}" in found
    assert str(sentences.TEXT[language]["quality"]) not in found


def test_an_answer_that_lacks_the_common_criteria_is_the_weakest_for_one_of_its_own() -> None:
    answers = [
        RatedAnswer("What is a lock?", ratings(80, 70, 90), 80.0, ""),
        RatedAnswer("Why us?", (Rating("motivation", 30.0), Rating("use_of_tools", 20.0)), 25.0, ""),
    ]
    assert "above all for its use of tools (20)" in sentences.summary(answers, 0.6, "en")


def test_a_single_criterion_is_not_the_lowest_of_several() -> None:
    answers = [RatedAnswer(f"Question {n}?", (Rating("motivation", 30.0 + n),), 30.0 + n, "") for n in range(2)]
    assert "lowest" not in sentences.summary(answers, 0.6, "en")
