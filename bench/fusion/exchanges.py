"""Whose voice is the candidate's, on recorded voices in turns and mouths that are made: by length, and by the lips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.fusion.mouths import LOOSENESS, Sound, watched
from bench.fusion.scenes import only
from bench.speech.compositions import SPEECH_DB, Tape
from bench.speech.conditions import at_level
from bench.speech.recordings import SpeakerTurn
from orchestrator.evidence import Turn
from orchestrator.fusion.findings.candidate import MAIN_VOICE, lips_voices
from servicekit.intervals import joined
from servicekit.wire import Span
from services.audio.levels import course
from services.audio.voices.turns import BRIDGE_S

SECONDS, EXCHANGES, LATE_S, QUIETER_DB = 40.0, 40, 0.4, -9.0
LIMITS_SET_ON = 6
"""So many voices, by name, the limits were set on; the others were left out."""
OWN, OTHER = "own", "other"


@dataclass(frozen=True, slots=True)
class Manner:
    """How two people talk: utterances of each in a row, and what the candidate's mouth does while the other speaks.

    `covered`: it is still while the candidate speaks, as behind a hand, and says something unheard while the other
    does. `alone`: both voices are the candidate's, one
    person taken for two.
    """

    name: str
    own: int
    others: int
    listening: float
    covered: bool = False
    alone: bool = False


MANNERS = (
    Manner("other voice longer, mouth still while listening", 1, 2, 0.0),
    Manner("other voice longer, mouth moves a little while listening", 1, 2, 0.3),
    Manner("other voice longer, mouth moves as much while listening", 1, 2, 1.0),
    Manner("own voice longer, mouth moves a little while listening", 2, 1, 0.3),
    Manner("own voice longer, mouth covered then, murmurs while listening", 2, 1, 0.0, covered=True),
    Manner("one voice taken for two", 1, 1, 0.0, alone=True),
)


@dataclass(frozen=True, slots=True)
class ExchangeScores:
    """Of `count` exchanges: how often the longer voice is the candidate's, how often it is the one that is taken now,
    and how often the lips were followed to the other's.
    """

    manner: str
    left_out: bool
    count: int
    by_length: int
    now: int
    misled: int


def left_out(voices: Mapping[str, Sequence[Sound]]) -> dict[str, list[Sound]]:
    """The voices that the limits were not set on."""
    return {name: list(voices[name]) for name in sorted(voices)[LIMITS_SET_ON:]}


def exchange_scores(voices: Mapping[str, Sequence[Sound]]) -> Iterator[ExchangeScores]:
    """One for each manner, on voices that the limits were set on and on those left out; voices by speaker."""
    random = np.random.default_rng(4)
    names = sorted(voices)
    for left_out, some in ((False, names[:LIMITS_SET_ON]), (True, names[LIMITS_SET_ON:])):
        for manner in MANNERS if len(some) > 1 else ():
            found = [_found(random, voices, some, manner) for _ in range(EXCHANGES)]
            yield ExchangeScores(
                manner.name,
                left_out,
                EXCHANGES,
                sum(own == 0 for own, _ in found),
                sum((told or MAIN_VOICE) == (own,) for own, told in found),
                sum(told not in ((), (own,)) for own, told in found),
            )


def _found(
    random: np.random.Generator, voices: Mapping[str, Sequence[Sound]], some: Sequence[str], manner: Manner
) -> tuple[int, tuple[int, ...]]:
    """The candidate's voice, and those that the lips move with. One person's two are the candidate's, the first."""
    own, other = (str(name) for name in random.choice(some, 2, replace=False))
    tape = _talk(random, voices[own], voices[own if manner.alone else other], manner)
    sound, numbers = tape.sound, _numbers(tape.turns)
    turns = tuple(joined((Turn(t.span, numbers[t.speaker]) for t in tape.turns), _bridged))
    murmured = np.resize(np.concatenate(list(voices[own])), sound.size)
    formed = only(murmured, _of(tape, OTHER)) if manner.covered else only(sound, _of(tape, OWN))
    mouth = sound if manner.alone else formed
    late_s = float(random.uniform(-LATE_S, LATE_S))
    timeline = watched(random, mouth, float(random.choice(LOOSENESS)), late_s, manner.listening)
    return 0 if manner.alone else numbers[OWN], lips_voices(turns, course(sound), timeline)


def _talk(random: np.random.Generator, own: Sequence[Sound], other: Sequence[Sound], manner: Manner) -> Tape:
    """Turns of OWN and OTHER, the other as loud or quieter."""
    tape, other_db = Tape(random), SPEECH_DB + float(random.choice([0.0, QUIETER_DB]))
    while tape.seconds < SECONDS:
        for _ in range(manner.own):
            tape.say(OWN, at_level(own[int(random.integers(len(own)))], SPEECH_DB))
        for _ in range(manner.others):
            tape.say(OTHER, at_level(other[int(random.integers(len(other)))], other_db))
    return tape


def _of(tape: Tape, speaker: str) -> list[Span]:
    return [turn.span for turn in tape.turns if turn.speaker == speaker]


def _numbers(turns: Sequence[SpeakerTurn]) -> dict[str, int]:
    """Voices by number as the audio service gives them: 0 speaks most."""
    seconds = {name: sum(t.span.duration_s for t in turns if t.speaker == name) for name in (OWN, OTHER)}
    return {name: number for number, name in enumerate(sorted(seconds, key=lambda name: -seconds[name]))}


def _bridged(a: Turn, b: Turn) -> Turn | None:
    near = a.speaker == b.speaker and b.span.start_s - a.span.end_s < BRIDGE_S
    return Turn(Span(a.span.start_s, b.span.end_s), a.speaker) if near else None
