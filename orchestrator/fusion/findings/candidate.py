"""Which of several voices is the candidate's: the one that the lips move with. All functions are pure.

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
from orchestrator.fusion.findings.synchrony import synchrony
from servicekit.wire import Span

LEAST_RATIO = 2.0
"""Of the mouth's movement in one voice's turns to that in any other's."""
LEAST_SIMILARITY, BY_CHANCE = 0.3, 1.6
"""Of the voice's level and the mouth's opening: at least the first, and at least the second over the root of the
seconds that were compared, which about one in a hundred reached of mouths that moved with nothing that was heard. Set
on six voices and made mouths; those left out are in docs/measurements/fusion.md.
"""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A voice and what the mouth does in its turns: its median movement, and how it goes with the sound."""

    voice: int
    movement: float
    together: Synchrony

    @property
    def is_followed(self) -> bool:
        """Whether the mouth goes with the voice more than by chance."""
        return self.together.similarity >= max(LEAST_SIMILARITY, BY_CHANCE / sqrt(self.together.seconds))

    def outdoes(self, other: _Seen) -> bool:
        """Whether the mouth goes with this voice and not with the other."""
        more_alike = self.together.similarity > other.together.similarity
        return more_alike and self.movement >= LEAST_RATIO * other.movement


def lips_voice(turns: Sequence[Turn], course_dbfs: Sequence[float], timeline: Timeline) -> int | None:
    """The voice that the lips move with; None with one voice, and where it is not clear.

    It is told from the voice that speaks most, each with ten seconds around its speech in view. `turns` are in order
    of time, `course_dbfs` is the sound's level every 50 ms.
    """
    voices = sorted({turn.speaker for turn in turns})
    if len(voices) < 2:
        return None
    moving = movements(timeline)
    seen = [
        _Seen(voice, _movement(moving, spans), together)
        for voice in voices
        if (together := synchrony(course_dbfs, spans := turns_of(turns, voice), timeline))
    ]
    if len(seen) < 2 or seen[0].voice != 0:
        return None
    best = max(seen, key=lambda found: found.movement)
    clear = best.is_followed and all(best.outdoes(other) for other in seen if other is not best)
    return best.voice if clear else None


def turns_of(turns: Sequence[Turn], voice: int) -> tuple[Span, ...]:
    """When a voice speaks, in order of time."""
    return tuple(turn.span for turn in turns if turn.speaker == voice)


def _movement(moving: Movements, spans: Sequence[Span]) -> float:
    """The median in the spans; 0 where nothing was seen."""
    inside = moving.amount[is_speech(spans, moving.at_s)]
    return float(np.median(inside)) if inside.size else 0.0
