from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.evidence import AnswerFlag, Turn
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.findings.finding import Finding
from orchestrator.fusion.verdict import HIGH, MEDIUM, NO_DATA, SAFE, cheating_detection, verdict
from servicekit.wire import Span
from tests.support import evidence as made


def kinds(**changes: Any) -> dict[str, Finding]:
    return {f.type: f for f in findings(made.answer(**changes))}


def verdict_of(**changes: Any) -> str:
    answer = made.answer(**changes)
    return verdict(answer, findings(answer))


def test_an_ordinary_answer_has_no_findings_and_is_safe() -> None:
    assert kinds() == {}
    assert verdict_of() == SAFE


def test_one_short_turn_of_another_voice_is_not_flagged() -> None:
    assert kinds(audio=made.audio(Turn(Span(1, 4), 0), Turn(Span(5, 6.5), 1))) == {}


@pytest.mark.parametrize("others", [[(5.0, 6.0), (8.0, 9.0)], [(5.0, 8.5)]], ids=["two turns", "three seconds"])
def test_enough_of_a_second_voice_is_serious(others: list[tuple[float, float]]) -> None:
    turns = [Turn(Span(1, 4), 0), *(Turn(Span(*o), 1) for o in others)]
    found = findings(made.answer(audio=made.audio(*turns)))
    assert [(f.start_s, f.end_s) for f in found] == others
    assert verdict_of(audio=made.audio(*turns)) == HIGH


def test_a_second_voice_that_is_unsure_is_for_review() -> None:
    turns = (Turn(Span(1, 4), 0), Turn(Span(5, 9), 1))
    assert verdict_of(audio=made.audio(*turns, speaker_confidence=0.4)) == MEDIUM


def test_a_finding_quotes_the_words_of_its_time() -> None:
    turns = (Turn(Span(6, 20), 0), Turn(Span(1.0, 1.65), 1), Turn(Span(2.2, 2.6), 1))
    found = findings(made.answer(audio=made.audio(*turns)))
    assert [f.quote for f in found] == ["I fixed", "slow"]


@pytest.mark.parametrize(("seconds", "severity"), [(2.1, "info"), (4.5, "review")])
def test_looking_away_needs_time_to_count(seconds: float, severity: str) -> None:
    away = made.event("looking_away", 5.0, 5.0 + seconds, direction="left")
    found = kinds(vision=made.vision(away, duration_s=60.0))["looking_away"]
    assert found.severity == severity
    assert "left" in found.explanation


def test_gaze_is_found_and_makes_no_verdict() -> None:
    away = [made.event("looking_away", 5.0 * i, 5.0 * i + 4.5) for i in range(4)]
    assert kinds(vision=made.vision(*away))["looking_away"].severity == "review"
    assert verdict_of(vision=made.vision(*away)) == SAFE


def test_scattered_suspicious_frames_do_not_make_a_verdict_but_the_original_rule_is_shown() -> None:
    screening = made.vision().screening
    restless = made.vision(screening=type(screening)(65, 9.17, 90.8, 71.9, 97.4))
    answer = made.answer(vision=restless)
    block = cheating_detection(answer, findings(answer))
    assert block.final_verdict == SAFE
    assert block.original_rule_verdict == MEDIUM
    assert block.visual.cheating_reasons == ("Medium suspicious activity (9.2%)",)


def test_a_second_face_for_two_seconds_is_serious() -> None:
    assert verdict_of(vision=made.vision(made.event("second_face", 3.0, 5.5, strength=2.0))) == HIGH
    assert verdict_of(vision=made.vision(made.event("second_face", 3.0, 3.8, strength=2.0))) == MEDIUM


def test_without_picture_and_sound_there_is_no_verdict() -> None:
    assert verdict_of(vision=None, audio=None) == NO_DATA


def test_poor_sound_is_only_information() -> None:
    found = kinds(audio=made.audio(snr_db=5.0, clipping_ratio=0.05))["sound_quality"]
    assert found.severity == "info"
    assert verdict_of(audio=made.audio(snr_db=5.0)) == SAFE


CAMERA = ("black", "frozen", "photograph", "looped", "dark", "blurred", "far", "slow")


@pytest.mark.parametrize("kind", CAMERA)
def test_what_the_camera_does_is_reviewed_or_only_quality(kind: str) -> None:
    vision = made.vision(made.event(f"camera_{kind}", 1.0, 5.0))
    quality = kind in ("dark", "blurred", "far", "slow")
    assert kinds(vision=vision)[f"camera_{kind}"].severity == ("info" if quality else "review")
    assert verdict_of(vision=vision) == (SAFE if quality else MEDIUM)


def test_reading_is_only_information() -> None:
    vision = made.vision(made.event("reading", 1.0, 12.0))
    assert kinds(vision=vision)["reading"].severity == "info"
    assert verdict_of(vision=vision) == SAFE


def test_every_finding_has_an_innocent_explanation() -> None:
    names = ("face_absent", "reading", *(f"camera_{kind}" for kind in CAMERA))
    vision = made.vision(*(made.event(name, 1.0, 9.0) for name in names))
    insufficient = made.transcript(quality="insufficient", quality_reason="No speech was found.")
    found = findings(made.answer(vision=vision, transcript=insufficient))
    assert len(found) == 3 + len(CAMERA)
    assert all(f.innocent_explanation and f.explanation for f in found)


@pytest.mark.parametrize(("kind", "severity"), [("answer_addresses_the_judge", "review"), ("keyword_list", "info")])
def test_what_the_judge_flags_is_found_where_it_was_said(kind: str, severity: str) -> None:
    evaluation = replace(made.evaluation(), flags=(AnswerFlag(kind, "the slow query"),))
    (found,) = [f for f in findings(made.answer(evaluation=evaluation)) if f.type == kind]
    assert (found.severity, found.quote, found.strength) == (severity, "the slow query", 3.0)
    assert found.start_s == pytest.approx(1.8)
    assert found.end_s == pytest.approx(2.9)


def test_an_unknown_flag_loses_nothing() -> None:
    evaluation = replace(made.evaluation(), flags=(AnswerFlag("from_tomorrow", "the slow query"),))
    assert findings(made.answer(evaluation=evaluation)) == findings(made.answer())


def test_a_flag_without_its_words_is_about_the_whole_answer() -> None:
    evaluation = replace(made.evaluation(), flags=(AnswerFlag("keyword_list", "never said"),))
    (found,) = [f for f in findings(made.answer(evaluation=evaluation)) if f.type == "keyword_list"]
    assert (found.start_s, found.end_s) == (0.0, 20.0)
