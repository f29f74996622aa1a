from __future__ import annotations

import pytest

from servicekit.words import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Well – I do agree.", ["well", "i", "do", "agree"]),
        ("Don’t re-open PR 7!", ["don’t", "re-open", "pr", "7"]),
        ("Ia orang-orang… \n ya", ["ia", "orang-orang", "ya"]),
        (" - … – ", []),
    ],
)
def test_marks_are_no_words(text: str, found: list[str]) -> None:
    assert words(text) == found
