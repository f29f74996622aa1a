"""Which of several voices are the candidate's: those that the lips move with. All functions are pure.

While the candidate speaks, the mouth moves and opens with the level of the sound; while somebody out of the picture
speaks, it is mostly still. Both must hold: a hand before the mouth and a smile at what the other says are not enough
to take the other for the candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from orchestrator.evidence import Synchrony, Timeline, Turn
from orchestrator.fusion.findings.lips import Movements, is_speech, movements
from orchestrator.fusion.findings.synchrony import AROUND_SPEECH_S, synchrony
from servicekit.wire import Span

MAIN_VOICE = (0,)
"""Whose the answer is where the lips tell nothing: the voice that speaks most."""
LEAST_RATIO = 2.0
"""Of the mouth's movement in one voice's turns to that in any other's."""
LEAST_SIMILARITY, BY_CHANCE = 0.3, 1.6
"""Of the voice's level and the mouth's opening: at least the first, and at least the second over the root of the
seconds that were compared, which about one in a hundred reached of mouths that moved with nothing that was heard. Set
on six voices and made mouths; those left out are in docs/measurements/fusion.md.
"""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A voice and what the mouth does in its turns: its median movement, and how it goes with the sound.

    `inside` is the similarity within the turns alone: a mouth that is still in them but moves before and after goes
    with their edges.
    """

    voice: int
    movement: float
    together: Synchrony
    inside: float

    @property
    def is_followed(self) -> bool:
        """Whether the mouth goes with the voice more than by chance."""
        return self.together.similarity >= max(LEAST_SIMILARITY, BY_CHANCE / sqrt(self.together.seconds))

    def outdoes(self, other: _Seen) -> bool:
        """Whether the mouth goes with this voice and not with the other."""
        return self.together.similarity > other.inside and self.movement >= LEAST_RATIO * other.movement


def lips_voices(turns: Sequence[Turn], course_dbfs: Sequence[float], timeline: Timeline) -> tuple[int, ...]:
    """The voice that the lips move with, or several, where one person was taken for more; empty where it is not clear.

    Clear it is beside another voice that they do not move with. Compared are voices with ten seconds around their
    speech in view, among them the one that speaks most. `turns` are in order of time, `course_dbfs` is the sound's
    level every 50 ms.
    """
    voices = sorted({turn.speaker for turn in turns})
    if len(voices) < 2:
        return ()
    moving = movements(timeline)
    compared = (_seen(voice, turns_of(turns, (voice,)), course_dbfs, timeline, moving) for voice in voices)
    seen = [found for found in compared if found is not None]
    if not seen or seen[0].voice != 0:
        return ()
    most = max(found.movement for found in seen)
    own = [found for found in seen if found.is_followed and LEAST_RATIO * found.movement > most]
    others = [found for found in seen if found not in own]
    clear = bool(others) and all(found.outdoes(other) for found in own for other in others)
    return tuple(found.voice for found in own) if clear else ()


def turns_of(turns: Sequence[Turn], voices: Sequence[int]) -> tuple[Span, ...]:
    """When some of the voices speak, in order of time."""
    return tuple(turn.span for turn in turns if turn.speaker in voices)


def _seen(
    voice: int, spans: Sequence[Span], course_dbfs: Sequence[float], timeline: Timeline, moving: Movements
) -> _Seen | None:
    together = synchrony(course_dbfs, spans, timeline)
    amounts = moving.amount[is_speech(spans, moving.at_s)]
    if together is None or not amounts.size:
        return None
    edge_s = AROUND_SPEECH_S
    inner = [Span(s.start_s + edge_s, s.end_s - edge_s) for s in spans if s.duration_s > 2 * edge_s]
    inside = synchrony(course_dbfs, inner, timeline)
    return _Seen(voice, float(np.median(amounts)), together, inside.similarity if inside else 0.0)
