from __future__ import annotations

import pytest

from services.judge.chat.grounding import fits, invented
from services.judge.model import CRITERIA, RatedAnswer, Rating
from services.judge.words import sentences

SCORES = ((71.6, 60.0, 80.2), (40.0, 52.0, 31.0), (66.0, 70.0, 64.0))
ANSWERS = tuple(
    RatedAnswer(
        f"What did you learn in your first {n + 2} months of work with customers?",
        tuple(Rating(c, s, 0.8, "I wrote it down for the next shift") for c, s in zip(CRITERIA, scores, strict=True)),
        sum(scores) / 3,
        "",
    )
    for n, scores in enumerate(SCORES)
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Quality reached 72 and 40, 3 answers, of 100.", ()),
        ("The mean of 59,2 hides a 95.", ("95",)),
        ("In 2 months it went up by 17 percent.", ("17",)),
    ],
)
def test_a_number_that_is_no_score_is_noticed(text: str, found: tuple[str, ...]) -> None:
    assert invented(text, ANSWERS) == found


@pytest.mark.parametrize("language", ["en", "id"])
def test_filled_summaries_have_the_length_and_state_only_scores(language: str) -> None:
    text = sentences.summary(ANSWERS, 0.8, language)
    assert 150 <= len(text.split()) <= 200
    gap = str(round(ANSWERS[0].total - ANSWERS[1].total))
    assert set(invented(text, ANSWERS)) <= {gap}
    assert fits(text)
