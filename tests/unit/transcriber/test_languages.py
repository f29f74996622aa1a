from __future__ import annotations

import pytest

from services.transcriber.languages import Opinion, changes, likeliest, stretches

BOTH = ("en", "id")
ENGLISH: Opinion = {"en": 0.97, "id": 0.01}
INDONESIAN: Opinion = {"en": 0.02, "id": 0.8}
NEITHER: Opinion = {"en": 0.09, "id": 0.01}
"""The model takes it for a third language; what is left for these two says nothing."""


def test_opinions_come_every_four_seconds_with_what_is_around() -> None:
    assert stretches(11.0) == [(0, 250), (150, 450), (350, 550)]
    assert stretches(0.0) == []


@pytest.mark.parametrize("expected", BOTH)
def test_both_halves_are_found_whichever_was_expected(expected: str) -> None:
    found = likeliest([ENGLISH] * 6 + [INDONESIAN] * 7, BOTH, expected)
    assert changes(found) == [(0.0, "en"), (24.0, "id")]


def test_there_and_back() -> None:
    found = likeliest([INDONESIAN] * 5 + [ENGLISH] * 5 + [INDONESIAN] * 5, BOTH, "id")
    assert changes(found) == [(0.0, "id"), (20.0, "en"), (40.0, "id")]


def test_a_whole_answer_in_the_other_language() -> None:
    assert set(likeliest([ENGLISH] * 10, BOTH, "id")) == {"en"}


@pytest.mark.parametrize("opinion", [NEITHER, {"en": 0.0, "id": 0.0}, {"en": 0.5, "id": 0.5}])
@pytest.mark.parametrize("expected", BOTH)
def test_who_says_little_changes_nothing(opinion: Opinion, expected: str) -> None:
    assert set(likeliest([opinion] * 5, BOTH, expected)) == {expected}


@pytest.mark.parametrize("expected", BOTH)
def test_one_stretch_is_too_little_for_a_change(expected: str) -> None:
    own, other = (ENGLISH, INDONESIAN) if expected == "en" else (INDONESIAN, ENGLISH)
    assert set(likeliest([own] * 3 + [other] + [own] * 3, BOTH, expected)) == {expected}


def test_nothing_heard() -> None:
    assert likeliest([], BOTH, "en") == []
    assert changes([]) == []
