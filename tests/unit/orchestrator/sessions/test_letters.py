"""What a letter says of an answer: by what was measured, with quotes as they stand in the transcript."""

from __future__ import annotations

import json
import re
from string import Formatter
from typing import Any

import pytest

from orchestrator.letters.composition import Letter, composed_letter
from orchestrator.letters.material import Answer, answers
from orchestrator.letters.phrases import PHRASES
from orchestrator.letters.quotes import unfounded
from services.judge.words.phrases import GAPS

SAID = ("Last spring we lost orders.", "Then I added a number to every call.", "I wrote a test.", "It holds.")


def rating(criterion: str, score: float | None, quote: str = "", influence: float | None = 5.0) -> dict[str, Any]:
    place = next((n for n, said in enumerate(SAID) if quote and quote in said), 0)
    return {"criterion": criterion, "score": score, "quote": quote, "influence": influence, "start_s": 10.0 * place}


def answer(*ratings: dict[str, Any], gap: str = "how", said: Any = SAID, **changes: Any) -> Answer:
    segments = [{"start_s": 10.0 * n, "end_s": 10.0 * n + 5, "text": text} for n, text in enumerate(said)]
    rated = {"total": 70.0, "missing": [], "gap": gap} | changes.pop("rated", {})
    evidence = {"transcript": {"segments": segments, "dropped": []}, "ratings": ratings, "answer_flags": []} | changes
    block = {"penilaian": rated, "evidence": evidence, "cheating_detection": {"final_verdict": "High Risk"}}
    [found] = answers(json.dumps({"content": [{"question": "Which bug?", "result": block}]}).encode())
    return found


def text(*given: Answer, language: str = "en", **changes: Any) -> str:
    return composed_letter(Letter("Ani", language, "Rina", given, **changes))


def test_quotes_stand_in_the_transcript_with_their_times() -> None:
    given = answer(rating("quality", 80.0, SAID[1]), rating("relevance", 90.0, SAID[2]))
    found = text(given)
    assert "most directly was “I wrote a test. It holds” (0:20)" in found  # too short to stand alone
    assert "The strongest part of your answer was “Then I added a number to every call” (0:10)" in found
    assert unfounded(found, [given]) == []
    assert unfounded(found.replace("I wrote", "I rewrote"), [given]) == ["I rewrote a test. It holds"]


@pytest.mark.parametrize(("score", "begins"), [(90.0, "most directly"), (50.0, "came closest"), (20.0, "")])
def test_whether_it_answers_is_said_by_the_measured_relevance(score: float, begins: str) -> None:
    found = text(answer(rating("relevance", score, SAID[1]), rating("quality", 80.0, SAID[2])))
    assert (begins in found, "strongest" in found) == (True, score >= 40)


def test_a_sentence_that_hardly_counts_is_not_said_to_carry() -> None:
    assert "strongest" not in text(answer(rating("relevance", 90.0), rating("quality", 80.0, SAID[1], 1.9)))
    assert "strongest" in text(answer(rating("relevance", 90.0), rating("quality", 80.0, SAID[1], None)))


def test_every_gap_has_words_and_one_that_needs_an_expert_is_left_to_people() -> None:
    for language, say in PHRASES.items():
        assert set(say["gap"]) == set(GAPS) - {"fact"}, language
        assert say["gap"]["how"][0] in text(answer(), language=language)
        assert say["to_check"] in text(answer(gap="fact"), language=language)
        assert say["to_write_gap"] in text(answer(gap=""), language=language)  # a result of before
    assert "[[" not in text(answer())


def test_the_same_gap_twice_is_said_in_other_words() -> None:
    found = text(answer(), answer())
    assert found.count("step by step") == 1
    assert "Here, too, the single steps would have helped" in found


def test_what_was_not_rated_not_heard_or_not_readable() -> None:
    assert PHRASES["en"]["to_write"] in text(answer(rated={"total": None}))
    assert PHRASES["en"]["silent"] in text(answer(said=()))
    assert PHRASES["en"]["unusable"] in text(answer(transcript=None))
    left = [{"start_s": 61.0, "end_s": 66.0, "reason": "unintelligible"}, {"start_s": 90.0, "end_s": 90.5}]
    segments = [{"start_s": 0.0, "end_s": 1.0, "text": "Hello there."}]
    assert "your words at 1:01." in text(answer(transcript={"segments": segments, "dropped": left}))


def test_a_sentence_that_was_not_rated_is_not_quoted() -> None:
    assert SAID[0].rstrip(".") not in text(answer(answer_flags=[{"quote": SAID[0]}]))


def test_points_of_the_model_answer_only_when_asked_for() -> None:
    given = answer(rated={"missing": ["What you learned"]})
    assert "learned" not in text(given)
    assert "about this: what you learned." in text(given, name_points=True)


def test_no_score_no_face_no_voice_in_any_fixed_words() -> None:
    forbidden = r"scor|nilai(?!\w*nya )|point|face|wajah|voice|suara|gaze|confiden|suspic|cheat|curang|\d"
    for language, say in PHRASES.items():
        lines = [line for value in say.values() for line in _lines(value)]
        shown = [line for line in lines if not line.startswith("[[")]
        assert [line for line in shown if re.search(forbidden, re.sub(r"{\w+}", "", line))] == [], language


def test_both_languages_have_the_same_words_and_places() -> None:
    def places(value: Any) -> list[Any]:
        return [sorted(name for _, name, _, _ in Formatter().parse(line) if name) for line in _lines(value)]

    english, indonesian = PHRASES["en"], PHRASES["id"]
    assert english.keys() == indonesian.keys()
    assert {key: places(value) for key, value in english.items()} == {
        key: places(value) for key, value in indonesian.items()
    }


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value
    return [line for each in inner for line in _lines(each)]
