from __future__ import annotations

import re
from dataclasses import replace

import pytest

from services.judge.model import Rating
from services.judge.rubrics import FOLDER, read
from services.judge.words import explanation
from services.judge.words.explanation import Findings
from services.judge.words.phrases import GAPS, PHRASES

SENTENCE = "A second nurse checks every dose of insulin with me."


def findings(quality: float = 74, gap: str = "result", influence: float | None = 9.4) -> Findings:
    ratings = (
        Rating("quality", quality, 0.6, SENTENCE, 60, 88, influence),
        Rating("coherence", 83, 0.6),
        Rating("relevance", 91, 0.6, "I compare the label with the wristband.", 80, 100, 3.0),
        Rating("own_work", 55, 0.6),
    )
    return Findings("How do you avoid mix-ups?", ratings, 75.6, 66.2, 85.1, gap)


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("gap", GAPS)
def test_every_gap_has_a_question_that_fits_the_answer(language: str, gap: str) -> None:
    found = findings(gap=gap)
    asked = explanation.follow_up(found, language)
    assert asked in explanation.explained(found, language)
    assert "A second nurse checks" in asked or found.question in asked or gap == "order"
    assert not re.search(r"[{}]", explanation.explained(found, language))


@pytest.mark.parametrize(("language", "scale"), [("en", "of 100"), ("id", "dari 100")])
def test_no_score_stands_without_its_scale(language: str, scale: str) -> None:
    text = explanation.explained(findings(), language)
    for number in ("76", "83", "91", "55"):
        assert f"{number} {scale}" in text
    assert "66" in text
    assert "85" in text


def test_a_criterion_is_called_what_people_call_it() -> None:
    rubric = read(FOLDER)["software"]
    found = replace(findings(), titles=rubric.titles("id"))
    assert "Untuk hasil kerja sendiri nilainya 55 dari 100." in explanation.explained(found, "id")
    assert "Untuk own work" in explanation.explained(findings(), "id"), "without titles it is the name, in words"


def test_a_sentence_that_carries_is_named_with_what_it_is_worth() -> None:
    assert f"“{SENTENCE[:-1]}”: without it the quality would be 9 points lower" in explanation.explained(
        findings(), "en"
    )
    assert "points lower" not in explanation.explained(findings(influence=0.4), "en")


def test_both_languages_say_the_same_things() -> None:
    english, indonesian = PHRASES["en"], PHRASES["id"]
    assert english.keys() == indonesian.keys()
    for name, phrase in english.items():
        other = indonesian[name]
        assert type(phrase) is type(other)
        if isinstance(phrase, dict) and isinstance(other, dict):
            assert phrase.keys() == other.keys()


def test_points_of_the_reference_that_the_answer_leaves_out() -> None:
    reference = "Check the wristband, compare the label with the chart, and let a second nurse confirm the dose."
    answer = "I look at the wristband and I compare the label with the chart."
    found = explanation.missing_points(reference, "How do you avoid mix-ups?", answer)
    assert found == ("let a second nurse confirm the dose",)
    assert explanation.missing_points("", "Why?", answer) == ()


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_reason_for_no_score_asks_a_person(language: str) -> None:
    for reason in ("unsure", "unlike_known_answers", "doubtful_transcript", "too_short", "no_model"):
        text = explanation.unscored(reason, language, 20.4, 80.0)
        assert ("listen" in text) or ("dengarkan" in text)


def test_no_sentence_carries_an_answer_about_something_else() -> None:
    text = explanation.explained(findings(gap="topic"), "en")
    assert SENTENCE[:-1] not in text
    assert "The question itself stays unanswered." in text
