from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.judge.chat.model import Completion, Token
from services.judge.chat.quotes import candidates, letter
from services.judge.chat.rating import LEVELS, YES_NO, expected
from services.judge.model import BackendError


def token(**shares: float) -> Token:
    alternatives = tuple((k.strip("_"), math.log(p)) for k, p in shares.items())
    return Token(alternatives[0][0], alternatives[0][1], alternatives)


@pytest.mark.parametrize(
    ("shares", "score", "confidence"),
    [
        ({"_5": 1.0}, 100, 1),
        ({"_1": 1.0}, 1, 1),
        ({"_1": 0.5, "_5": 0.5}, 50.5, 0),
        ({"_3": 0.25, "_4": 0.25, "x": 0.5}, 62.875, 0.75),
    ],
)
def test_the_score_is_the_expected_value(shares: dict[str, float], score: float, confidence: float) -> None:
    found = expected(token(**shares), LEVELS)
    assert found.score == pytest.approx(score)
    assert found.confidence == pytest.approx(confidence)


def test_spellings_of_one_word_are_added() -> None:
    spelled = Token("Yes", math.log(0.4), ((" Yes", math.log(0.4)), ("yes", math.log(0.4)), ("no", math.log(0.2))))
    assert expected(spelled, YES_NO).level == pytest.approx(0.8)


def test_an_answer_off_the_scale_is_refused() -> None:
    with pytest.raises(BackendError, match="not on the scale"):
        expected(token(maybe=0.6, _4=0.4), LEVELS)


@given(st.lists(st.floats(0.001, 1), min_size=5, max_size=5))
def test_scores_and_confidences_stay_in_range(weights: list[float]) -> None:
    shares = {f"_{n + 1}": w / sum(weights) for n, w in enumerate(weights)}
    found = expected(token(**shares), LEVELS)
    assert 1 <= found.score <= 100
    assert 0 <= found.confidence <= 1


def completion(text: str, **shares: float) -> Completion:
    return Completion(text, (token(**shares),) if shares else None, 1, 1)


def test_a_quote_needs_a_letter_that_stands_out() -> None:
    assert letter(completion("B", B=0.8, A=0.2), ["A", "B"]) == "B"
    assert letter(completion("B", B=0.52, A=0.48), ["A", "B"]) == ""
    assert letter(completion("B."), ["A", "B"]) == "B"
    assert letter(completion("None of them"), ["A", "B"]) == ""


def test_the_clauses_that_say_most_are_offered_in_their_order() -> None:
    filler = "and so we did it."
    answer = " ".join(
        [
            filler,
            "We measured response times before release.",
            *[f"{filler} Then it {n} was so." for n in range(9)],
            "Finally customers reported fewer problems.",
        ]
    )
    found = candidates(answer)
    assert len(found) == 6
    assert found.index("We measured response times before release.") < found.index(
        "Finally customers reported fewer problems."
    )
