"""Voice against lips from end to end: recordings through both services, their findings in the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.fusion.measuring import Outcome, Services
from bench.fusion.scenes import Scene

UNLIKE = "voice_unlike_lips"


@dataclass(slots=True)
class TalkerScores:
    """Similarities of honest answers and of those with another voice, and how many of each have the finding."""

    honest: list[float] = field(default_factory=list)
    dubbed: list[float] = field(default_factory=list)
    honest_flagged: int = 0
    dubbed_flagged: int = 0
    lags_s: list[float] = field(default_factory=list)
    """Found in honest answers, in all of which picture and sound belong together."""

    @property
    def text(self) -> str:
        """All in one line."""
        lag = f", lag at most {max(map(abs, self.lags_s)):.2f} s" if self.lags_s else ""
        return (
            f"Voice against lips from end to end: honest {self.honest_flagged} of {len(self.honest)} flagged "
            f"(similarity {min(self.honest):.2f} to {max(self.honest):.2f}{lag}), another voice {self.dubbed_flagged} "
            f"of {len(self.dubbed)} found (similarity {min(self.dubbed):.2f} to {max(self.dubbed):.2f})"
        )


def talker_scores(pairs: Iterator[tuple[Scene, Scene]], folder: Path) -> Iterator[TalkerScores]:
    """The scores so far after each pair of an honest answer and the same one with another voice."""
    services, scores = Services(), TalkerScores()
    for honest, dubbed in pairs:
        similarity, lag_s, flagged = _found(services.outcome(honest, folder))
        scores.honest.append(similarity)
        scores.honest_flagged += flagged
        scores.lags_s += [] if lag_s is None else [lag_s]
        similarity, _, flagged = _found(services.outcome(dubbed, folder))
        scores.dubbed.append(similarity)
        scores.dubbed_flagged += flagged
        yield scores


def _found(outcome: Outcome) -> tuple[float, float | None, bool]:
    """Similarity, lag in seconds, and whether the answer has the finding."""
    result = outcome.result["content"][0]["result"]
    quality = result["quality"]
    flagged = any(finding["type"] == UNLIKE for finding in result["evidence"]["findings"])
    return float(quality["lip_similarity"] or 0.0), quality["picture_late_seconds"], flagged
