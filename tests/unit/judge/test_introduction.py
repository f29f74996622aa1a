"""The judge reads answers without the sentence that says a name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.fairness.edits import words
from services.judge.words.introduction import without_introduction

SAID = "I tested the till before every release and wrote down what failed."
ANSWERS = Path(__file__).resolve().parents[3] / "training" / "judge" / "data" / "answers.jsonl"


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_name_of_the_bench_leaves_the_same_text(language: str) -> None:
    known = words()
    named = [
        known["names"][language].format(name=name) + SAID for people in known["people"].values() for name in people
    ]
    assert len(named) == 12
    assert {without_introduction(text) for text in named} == {SAID}


@pytest.mark.parametrize(
    "opening",
    [
        "Hi. ",
        "My name's O'Neill. ",
        "Assalamualaikum warahmatullahi wabarakatuh. Perkenalkan, nama saya Siti binti Ahmad. ",
        "Selamat pagi semuanya, nama lengkap saya adalah Budi Santoso! ",
        "Good morning everyone. My full name is J. R. van der Berg. ",
    ],
)
def test_greetings_go_with_the_name_only(opening: str) -> None:
    assert without_introduction(opening + SAID) == (opening + SAID if opening == "Hi. " else SAID)


@pytest.mark.parametrize(
    "text",
    [
        f"My name is on every report that we sent. {SAID}",
        f"My name is Emily and I test software. {SAID}",
        f"{SAID} My name is Emily. {SAID}",
        "My name is Emily. I do not know.",
        "",
    ],
)
def test_what_says_more_than_a_name_stays(text: str) -> None:
    assert without_introduction(text) == text


def test_no_graded_answer_is_touched() -> None:
    """So what was measured of the judge on them holds as it was."""
    answers = [json.loads(line)["answer"] for line in ANSWERS.read_text("utf-8").splitlines()]
    assert [text for text in answers if without_introduction(text) != text] == []
