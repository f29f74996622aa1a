"""Whether a confidence means something: how far it is from the share of answers that are right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """A confidence of 0 to 1, and whether what it is about was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: their number, mean confidence and share that is right."""

    answers: int
    confidence: float
    right: float


def bins(answers: Sequence[Answer]) -> Iterator[Bin]:
    """Those of a tenth that hold any, in order."""
    for number in range(BINS):
        own = [a for a in answers if min(int(a.confidence * BINS), BINS - 1) == number]
        if own:
            confidence = sum(a.confidence for a in own) / len(own)
            yield Bin(len(own), confidence, sum(a.right for a in own) / len(own))


def calibration_error(answers: Sequence[Answer]) -> float:
    """Expected calibration error, 0 to 1: the mean gap between confidence and share right over the bins' answers."""
    gaps = (b.answers * abs(b.confidence - b.right) for b in bins(answers))
    return sum(gaps) / len(answers) if answers else 0.0
