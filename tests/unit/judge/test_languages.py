from __future__ import annotations

import pytest

from services.judge.words.languages import copied, other_language

ENGLISH = "I was responsible for the warehouse and we shipped on the same day."
INDONESIAN = "Saya bertanggung jawab atas gudang dan kami mengirim pada hari yang sama."


def test_the_two_languages_are_told_apart() -> None:
    assert other_language(ENGLISH, "id")
    assert other_language(INDONESIAN, "en")
    assert not other_language(ENGLISH, "en")
    assert not other_language(INDONESIAN, "id")


def test_a_text_of_names_alone_is_accepted() -> None:
    assert not other_language("Docker, Kubernetes, Redis", "id")


@pytest.mark.parametrize("text", [ENGLISH, ENGLISH.upper(), ENGLISH.replace("same day", "same morning")])
def test_copies_are_seen(text: str) -> None:
    assert copied(ENGLISH, text)


def test_a_translation_with_the_same_terms_is_no_copy() -> None:
    source = "I used Docker and Kubernetes for the Redis cache."
    assert not copied(source, "Saya memakai Docker dan Kubernetes untuk cache Redis.")
