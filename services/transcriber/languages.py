"""Which of the allowed languages is spoken when: from opinions on short stretches to spans. All functions are pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

FRAMES_HZ = 50
"""Whisper's encoder hears 50 frames a second."""

HOP_S, AROUND_S = 4.0, 1.0
"""An opinion every four seconds, on these and the second before and after. Shorter stretches have little to say, and
every frame that is asked costs: opinions every two seconds took a tenth of the time."""

DOUBT = 0.3
"""Probability below which a language counts as not heard. Synthetic Indonesian is taken for Javanese, Malay or Japanese
as well, and what is left for the allowed languages says nothing then."""

CHANGE = 1.5
"""How much likelier, in natural logarithms, the other language must make what follows. Little: what is read decides."""

Opinion = Mapping[str, float]
"""Probability of each allowed language, of all that the model knows."""


def stretches(seconds: float) -> list[tuple[int, int]]:
    """The encoder's frames behind each opinion on so many seconds."""
    end = math.ceil(seconds * FRAMES_HZ)
    hop, around = int(HOP_S * FRAMES_HZ), int(AROUND_S * FRAMES_HZ)
    return [(max(0, start - around), min(end, start + hop + around)) for start in range(0, end, hop)]


def likeliest(opinions: Sequence[Opinion], allowed: Sequence[str], expected: str) -> list[str]:
    """The language of each opinion's stretch, likeliest over all of them (Viterbi), `expected` where nothing speaks.

    Every change costs `CHANGE`, and so does beginning in another language than `expected`.
    """
    scores = {code: 0.0 if code == expected else -CHANGE for code in allowed}
    before: list[dict[str, str]] = []
    for opinion in opinions:
        origins = {code: max(allowed, key=lambda o: scores[o] - CHANGE * (o != code)) for code in allowed}
        scores = {
            code: scores[origins[code]] - CHANGE * (origins[code] != code) + math.log(opinion[code] + DOUBT)
            for code in allowed
        }
        before.append(origins)
    last = max(allowed, key=lambda code: (scores[code], code == expected))
    found = [last]
    for origins in reversed(before[1:]):
        found.append(origins[found[-1]])
    return found[::-1] if opinions else []


def changes(found: Sequence[str]) -> list[tuple[float, str]]:
    """Where each run of one language begins, in seconds, and which it is."""
    runs = [(code, len(list(run))) for code, run in itertools.groupby(found)]
    starts = itertools.accumulate((HOP_S * size for _, size in runs), initial=0.0)
    return [(start_s, code) for start_s, (code, _) in zip(starts, runs, strict=False)]
