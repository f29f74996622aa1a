from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orchestrator.evidence import AnswerFlag, Recording, Turn
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.findings.finding import Finding
from orchestrator.fusion.findings.picture import GAZE_FALSE, GAZE_REPORTED
from orchestrator.fusion.verdict import HIGH, MEDIUM, NO_DATA, SAFE, cheating_detection, verdict
from servicekit.wire import Span
from tests.support import evidence as made

MEASURED = Path(__file__).resolve().parents[3] / "docs" / "measurements" / "fusion.md"


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


def gaze(
    *starts: float, seconds: float = 5.0, degrees: float = 25.0, direction: str = "left", speaks: bool = True
) -> dict[str, Any]:
    """An answer of a minute with looks away."""
    away = [made.event("looking_away", at, at + seconds, degrees, direction) for at in starts]
    speech = Turn(Span(0.0, 60.0), 0) if speaks else Turn(Span(58.0, 60.0), 0)
    return {"vision": made.vision(*away, duration_s=60.0), "audio": made.audio(speech)}


def severities(**changes: Any) -> set[str]:
    return {f.severity for f in findings(made.answer(**changes)) if f.type == "looking_away"}


def test_strong_long_looks_in_one_direction_while_speaking_are_for_review() -> None:
    assert severities(**gaze(5.0, 20.0, 40.0)) == {"review"}


@pytest.mark.parametrize(
    "looks",
    [
        gaze(5.0, 20.0),
        gaze(5.0, 20.0, 40.0, seconds=2.5),
        gaze(5.0, 20.0, 40.0, degrees=15.0),
        gaze(5.0, 20.0, 40.0, speaks=False),
        gaze(5.0, seconds=47.0),
    ],
    ids=["twice", "short", "slight", "listening", "once"],
)
def test_any_other_gaze_is_information(looks: dict[str, Any]) -> None:
    assert severities(**looks) == {"info"}


def test_looks_in_different_directions_do_not_add_up() -> None:
    left, right = gaze(5.0, 20.0), gaze(35.0, 50.0, direction="right")
    both = made.vision(*left["vision"].events, *right["vision"].events, duration_s=60.0)
    assert severities(vision=both, audio=left["audio"]) == {"info"}


def test_gaze_alone_counts_in_no_verdict() -> None:
    answer = made.answer(**gaze(0.0, 12.0, 24.0, 36.0, 48.0, seconds=11.0, degrees=45.0))
    block = cheating_detection(answer, findings(answer))
    assert (block.final_verdict, block.all_indicators) == (SAFE, ())


@pytest.mark.parametrize(
    ("direction", "place"), [("left", "second screen"), ("right", "second screen"), ("down", "notes"), ("up", "")]
)
def test_a_direction_is_named_with_its_share(direction: str, place: str) -> None:
    found = kinds(**gaze(0.0, 12.0, 24.0, 36.0, seconds=12.0, direction=direction))["looking_away"]
    assert f"turned {direction} by about 25 degrees" in found.explanation
    assert "80% of the answer in 4 looks" in found.explanation
    assert place in found.explanation


def test_a_rare_direction_is_not_named() -> None:
    assert "of the answer" not in kinds(**gaze(5.0, seconds=3.0))["looking_away"].explanation


def test_the_false_alarms_of_gaze_are_those_measured() -> None:
    (row,) = (line for line in MEASURED.read_text().splitlines() if line.startswith("| looking away"))
    reported, right = (int(cell) for cell in row.split("|")[7:9])
    assert (reported, reported - right) == (GAZE_REPORTED, GAZE_FALSE)
    told = kinds(**gaze(5.0))["looking_away"].explanation
    assert f"Of {reported} such findings in test recordings {reported - right} was false" in told


def photograph(*turns: Turn) -> dict[str, Any]:
    return {"vision": made.vision(made.event("camera_photograph", 2.0, 17.0)), "audio": made.audio(*turns)}


def test_a_calm_listener_is_no_photograph() -> None:
    assert "camera_photograph" not in kinds(**photograph(Turn(Span(0.0, 2.5), 0), Turn(Span(16.0, 20.0), 0)))
    interviewer = photograph(Turn(Span(17.0, 30.0), 0), Turn(Span(2.0, 12.0), 1))
    assert "camera_photograph" not in kinds(**interviewer)


def test_a_photograph_that_seems_to_speak_is_for_review() -> None:
    assert kinds(**photograph(Turn(Span(3.0, 9.0), 0)))["camera_photograph"].severity == "review"


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
    vision, voice = made.vision(made.event(f"camera_{kind}", 1.0, 5.0)), made.audio(Turn(Span(0.5, 5.0), 0))
    quality = kind in ("dark", "blurred", "far", "slow")
    assert kinds(vision=vision, audio=voice)[f"camera_{kind}"].severity == ("info" if quality else "review")
    assert verdict_of(vision=vision, audio=voice) == (SAFE if quality else MEDIUM)


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


def test_a_camera_that_is_switched_off_is_to_be_looked_at() -> None:
    missing = made.vision(missing=(Span(8.0, 20.0),), face_present_ratio=0.4)
    found = kinds(vision=missing)["picture_missing"]
    assert (found.start_s, found.end_s, found.severity) == (8.0, 20.0, "review")
    assert "12.0 s" in found.explanation
    assert verdict_of(vision=missing) == MEDIUM
    assert "No picture (1x, 12.0 s)" in cheating_detection(made.answer(vision=missing), [found]).all_indicators


def test_a_damaged_packet_is_a_remark() -> None:
    hurt = made.vision(missing=(Span(5.12, 5.16),))
    assert kinds(vision=hurt)["picture_missing"].severity == "info"
    assert verdict_of(vision=hurt) == SAFE


def test_a_computer_that_slept_is_one_finding_not_two() -> None:
    recording = Recording(1820.0, None, (Span(8.01, 1808.01),))
    found = findings(made.answer(vision=made.vision(missing=(Span(8.0, 1808.0),)), recording=recording))
    assert [(f.type, f.severity) for f in found] == [("recording_gap", "review")]


def test_sound_that_is_missing_alone_is_named() -> None:
    found = kinds(recording=Recording(20.0, None, (Span(0.0, 3.0),)))
    assert list(found) == ["sound_missing"]
    assert found["sound_missing"].severity == "review"


def test_evidence_from_before_recordings_were_looked_into_says_nothing() -> None:
    assert kinds(recording=None) == {}
