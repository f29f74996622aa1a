from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.judge.words.chunks import LETTERS_A_WORD, clauses, passages, utterances


def test_sentences_are_grouped_up_to_the_limit() -> None:
    assert passages("One two three. Four five. Six seven eight nine.", 5) == [
        "One two three. Four five.",
        "Six seven eight nine.",
    ]


def test_speech_without_punctuation_is_cut_evenly() -> None:
    found = passages(" ".join(f"w{n}" for n in range(90)), 40)
    assert [len(p.split()) for p in found] == [30, 30, 30]


@given(st.text(alphabet="ab .!?\n", max_size=400), st.integers(2, 12))
def test_nothing_is_lost_and_nothing_too_long(text: str, words: int) -> None:
    found = passages(text, words)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(p and len(p.split()) <= words and len(p) <= words * LETTERS_A_WORD for p in found)


@given(st.text(alphabet="ab ,.!?\n", max_size=400))
def test_clauses_are_verbatim(text: str) -> None:
    assert all(c in text and 3 <= len(c.split()) <= 6 for c in clauses(text, 3, 6))


def test_clauses_stand_between_marks_and_are_cut_where_they_are_long() -> None:
    text = "I counted the shelves, then I called the guests and told them about it; good."
    assert clauses(text, 3, 6) == ["I counted the shelves", "then I called the guests and", "told them about it"]


@pytest.mark.parametrize("text", ["", "   ", "Yes, no."])
def test_too_little_has_no_clauses(text: str) -> None:
    assert clauses(text, 3, 6) == []


def test_utterances_are_the_text_in_parts() -> None:
    text = "We shipped late. " + ", ".join(["then we counted the shelves once more"] * 8) + ". So it was!"
    found = utterances(text, 20)
    assert " ".join(found) == text
    assert found[0] == "We shipped late."
    assert found[-1] == "So it was!"
    assert max(len(part.split()) for part in found) <= 20


def test_unpunctuated_speech_is_labelled_in_parts_too() -> None:
    found = utterances("and then " * 40, 28)
    assert " ".join(found).split() == ["and", "then"] * 40
    assert max(len(part.split()) for part in found) <= 28
