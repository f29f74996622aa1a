"""The fairness bench: what it edits, how it counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import jiwer
import pytest

from bench.fairness import judge
from bench.fairness.edits import misheard, replaced, sprinkled, variants, words
from bench.fairness.figures import change
from bench.fairness.missing import MISSING

TEXT = " ".join(f"word{n} and thing" for n in range(60))
ANSWERS = Path(__file__).resolve().parents[3] / "training" / "judge" / "data" / "answers.jsonl"


@dataclass(frozen=True)
class Points:
    total: float


class Counting:
    """Takes a point off for every hedge, and two for one name."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def rate(self, question: str, answer: str, language: str, reference: str = "") -> Points:
        self.asked.append(answer)
        hedges = sum(answer.count(f" {hedge} ") for hedge in words()["hedges"][language])
        return Points(80.0 - hedges - 2 * ("Papua" in answer or "Wenda" in answer or "Kogoya" in answer))


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.3])
def test_recognition_errors_are_as_many_as_they_say(rate: float) -> None:
    heard = misheard(TEXT, rate, ["sort", "thin", "ant", "work"])
    assert jiwer.wer(TEXT, heard) == pytest.approx(rate, abs=0.02)
    assert heard == misheard(TEXT, rate, ["sort", "thin", "ant", "work"])


def test_words_are_put_in_and_replaced() -> None:
    assert sprinkled("one two three", ["um"]) == "one um two three"
    assert replaced("Saya tidak tahu, tidakkah?", {"tidak": "nggak"}) == "Saya nggak tahu, tidakkah?"


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_language_has_every_kind(language: str) -> None:
    kinds = {variant.kind for variant in variants(language, ["a"])}
    assert kinds == {"name", "culture", "hedges", "fillers", "colloquial", "recognition"}


def test_a_mean_with_its_interval() -> None:
    found = change([1.0] * 10 + [7.0] * 10)
    assert (found.n, found.mean, found.distance, found.notable) == (20, 4.0, 4.0, 0.5)
    assert 1.0 < found.low < 4.0 < found.high < 7.0
    with pytest.raises(ValueError, match="nothing"):
        change([])


async def test_a_judge_that_dislikes_a_name_is_found() -> None:
    answers = judge.chosen(ANSWERS, 2)
    assert {answer.language for answer in answers} == {"en", "id"}
    found = [row async for row in judge.rows(Counting(), answers)]
    by_name = {row.split("|")[1].strip(): float(row.split("|")[3]) for row in found}
    assert by_name["English, name: Papuan"] == pytest.approx(-2 + 2 / 6, abs=0.1)
    assert by_name["English, name: English"] == pytest.approx(2 / 6, abs=0.1)
    assert by_name["Indonesian, hedges"] < -1
    assert by_name["English, fillers"] == 0


def test_what_is_not_measured_says_so() -> None:
    assert any("accents" in name for name in MISSING)
    assert all(MISSING.values())
