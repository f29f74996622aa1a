"""Two voices in turns: which one the lips move with, and what is then told of the other."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from orchestrator.evidence import AnswerEvidence, Timeline, Turn
from orchestrator.evidence.collection import mouth_and_voice
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.findings.candidate import lips_voices, turns_of
from orchestrator.fusion.verdict import HIGH, verdict
from servicekit.wire import Span
from tests.support import evidence as made
from tests.support.lips import FINE_HZ, SECONDS, heard, syllables, watched

LONG_S, SHORT_S, PAUSE_S = 8.0, 4.0, 0.6


def turns() -> tuple[Turn, ...]:
    """A minute in turns; voice 0 says twice as much as voice 1."""
    found, at_s, voice = [], 0.5, 0
    while at_s + LONG_S < SECONDS:
        length_s = SHORT_S if voice else LONG_S
        found.append(Turn(Span(at_s, at_s + length_s), voice))
        at_s, voice = at_s + length_s + PAUSE_S, 1 - voice
    return tuple(found)


TURNS = turns()


def said_by(said: NDArray[np.float64], *voices: int) -> NDArray[np.float64]:
    """What some of the voices say; silence elsewhere."""
    own = np.zeros_like(said)
    for turn in TURNS:
        if turn.speaker in voices:
            inside = slice(round(turn.span.start_s * FINE_HZ), round(turn.span.end_s * FINE_HZ))
            own[inside] = said[inside]
    return own


def mouth(said: NDArray[np.float64], *voices: int, seed: int = 5) -> Timeline:
    """Moves with some of the voices, and is still in everything else."""
    timeline, own = watched(said_by(said, *voices), seed=seed), said_by(np.ones_like(said), *voices)
    for row, at_s in enumerate(timeline.offset_s):
        if not own[min(round(at_s * FINE_HZ), len(own) - 1)]:
            timeline.mouth_opening[row] = 0.1
    return timeline


@pytest.mark.parametrize("voice", [0, 1], ids=["the longer", "the shorter"])
@pytest.mark.parametrize("seed", range(3))
def test_the_lips_tell_the_candidate_however_long_the_other_speaks(voice: int, seed: int) -> None:
    said = syllables(seed)
    assert lips_voices(TURNS, heard(said_by(said, 0, 1)), mouth(said, voice, seed=seed)) == (voice,)


def test_a_mouth_that_is_not_seen_tells_nothing() -> None:
    said = syllables(1)
    course, timeline = heard(said_by(said, 0, 1)), mouth(said, 1)
    assert lips_voices(TURNS, course, Timeline()) == ()
    assert lips_voices(TURNS, [], timeline) == ()
    timeline.yaw_deg[:] = [50.0] * len(timeline.yaw_deg)
    assert lips_voices(TURNS, course, timeline) == ()


def test_a_mouth_that_is_seen_while_one_voice_speaks_tells_nothing() -> None:
    said = syllables(1)
    timeline = mouth(said, 1)
    for row, at_s in enumerate(timeline.offset_s):
        if any(span.start_s - 1 <= at_s < span.end_s + 1 for span in turns_of(TURNS, (0,))):
            timeline.mouth_opening[row] = None
    assert lips_voices(TURNS, heard(said_by(said, 0, 1)), timeline) == ()


def test_words_too_few_to_be_compared_tell_nothing() -> None:
    said = syllables(1)
    assert lips_voices(TURNS[:3], heard(said_by(said, 0, 1)), mouth(said, 1)) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_mouth_that_moves_with_both_voices_tells_nothing(seed: int) -> None:
    said = syllables(seed)
    assert lips_voices(TURNS, heard(said_by(said, 0, 1)), mouth(said, 0, 1, seed=seed)) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_mouth_that_says_something_else_while_the_other_speaks_tells_nothing(seed: int) -> None:
    """As behind a hand while the candidate speaks, and smiling or chewing while the other does."""
    course = heard(said_by(syllables(seed), 0, 1))
    assert lips_voices(TURNS, course, mouth(syllables(seed + 100), 1, seed=seed)) == ()


@pytest.mark.parametrize("seed", range(3))
def test_one_person_taken_for_two_is_known_beside_another(seed: int) -> None:
    """Every other turn of the candidate's has a number of its own."""
    said, split = syllables(seed), list(TURNS)
    split[0::4] = [Turn(turn.span, 2) for turn in TURNS[0::4]]
    course, timeline = heard(said_by(said, 0, 1)), mouth(said, 0, seed=seed)
    renumbered = tuple(Turn(turn.span, {2: 0, 0: 1, 1: 2}[turn.speaker]) for turn in split)
    assert lips_voices(renumbered, course, timeline) == (0, 1)
    told = findings(made.answer(audio=made.audio(*renumbered), lips_voices=(0, 1)))
    assert [(f.start_s, f.end_s) for f in told if f.type == "second_voice"] == spans(1)


def test_with_one_voice_there_is_nothing_to_tell() -> None:
    said = syllables(1)
    one = tuple(Turn(turn.span, 0) for turn in TURNS)
    assert lips_voices(one, heard(said_by(said, 0, 1)), mouth(said, 0, 1)) == ()


def answer(*voices: int) -> AnswerEvidence:
    """An answer in which the mouth moves with some of the voices."""
    said = syllables(1)
    speech = tuple(turn.span for turn in TURNS)
    audio = made.audio(*TURNS, speech=speech, course_dbfs=tuple(map(int, heard(said_by(said, 0, 1)))))
    told = mouth_and_voice(audio, mouth(said, *voices))
    return made.answer(
        audio=audio,
        duration_s=SECONDS,
        still_lips=told.still_lips,
        synchrony=told.synchrony,
        lips_voices=told.lips_voices,
    )


def told_of(found: AnswerEvidence, kind: str) -> list[tuple[float, float]]:
    return [(f.start_s, f.end_s) for f in findings(found) if f.type == kind]


def spans(voice: int) -> list[tuple[float, float]]:
    return [(span.start_s, span.end_s) for span in turns_of(TURNS, (voice,))]


def test_the_second_voice_is_the_one_that_the_lips_do_not_move_with() -> None:
    found = answer(1)
    assert told_of(found, "second_voice") == spans(0)
    (explained,) = {f.explanation for f in findings(found) if f.type == "second_voice"}
    assert explained.startswith("A voice other than the one that the lips move with speaks (")
    assert found.synchrony is not None
    assert found.synchrony.similarity > 0.3


def test_where_the_lips_tell_nothing_it_is_the_one_that_speaks_less() -> None:
    found = answer(0, 1)
    assert told_of(found, "second_voice") == spans(1)
    assert any("other than the main one" in f.explanation for f in findings(found))


def test_lips_that_are_still_all_the_time_are_told_with_both_voices() -> None:
    found = answer()
    assert found.lips_voices == ()
    assert told_of(found, "second_voice") == spans(1)
    still = [f for f in findings(found) if f.type == "speech_with_still_lips"]
    assert {f.severity for f in still} == {"review"}
    assert sum(f.strength for f in still) > 0.9 * sum(turn.span.duration_s for turn in TURNS)
    assert verdict(found, findings(found)) == HIGH


@pytest.mark.parametrize(("voices", "listens"), [((1,), True), ((), False)], ids=["the shorter", "unclear"])
def test_a_photograph_and_looks_away_count_while_the_candidate_speaks(voices: tuple[int, ...], listens: bool) -> None:
    first = TURNS[0].span
    looks = [made.event("looking_away", t.span.start_s + 1, t.span.end_s - 1) for t in TURNS if t.speaker == 0][:3]
    vision = made.vision(made.event("camera_photograph", first.start_s, first.end_s), *looks, duration_s=SECONDS)
    found = findings(made.answer(vision=vision, audio=made.audio(*TURNS), lips_voices=voices))
    assert ("camera_photograph" not in {f.type for f in found}) is listens
    assert ({f.severity for f in found if f.type == "looking_away"} == {"info"}) is listens
