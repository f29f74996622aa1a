"""Somebody who speaks, how loud it is, and a mouth that follows it as loosely as real ones do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.evidence import Timeline
from orchestrator.fusion.findings.synchrony import COURSE_STEP_S

SECONDS, FINE_HZ = 60.0, 100


def syllables(seed: int) -> NDArray[np.float64]:
    """Loudness of somebody who speaks, 0 to 1 at FINE_HZ: syllables of 0.1 to 0.3 s, now and then a breath."""
    random = np.random.default_rng(seed)
    course: list[NDArray[np.float64]] = []
    while sum(map(len, course)) < SECONDS * FINE_HZ:
        length = int(random.integers(10, 30))
        course.append(random.uniform(0.2, 1.0) * np.sin(np.pi * np.arange(length) / length) ** 0.5)
        if random.random() < 0.1:
            course.append(np.zeros(int(random.integers(20, 80))))
    return np.concatenate(course)[: round(SECONDS * FINE_HZ)]


def heard(said: NDArray[np.float64]) -> list[float]:
    step = round(COURSE_STEP_S * FINE_HZ)
    level = 20 * np.log10(np.maximum(said.reshape(-1, step).mean(axis=1), 1e-3)) - 15
    return [float(value) for value in np.rint(level)]


def watched(said: NDArray[np.float64], late_s: float = 0.0, yaw_deg: float = 0.0, seed: int = 5) -> Timeline:
    """Ten rows a second of a mouth that follows what is said as loosely as real ones do."""
    random = np.random.default_rng(seed)
    at_s = np.arange(0, SECONDS, 0.1) + random.uniform(0, 0.08, round(SECONDS * 10))
    loose = np.interp(at_s, np.arange(0, SECONDS, 0.3), random.normal(0, 0.45, round(SECONDS / 0.3)))
    opening = np.interp(at_s - late_s, np.arange(len(said)) / FINE_HZ, said) * np.exp(loose)
    opening = 0.1 + 0.1 * opening + random.normal(0, 0.03, len(at_s))
    timeline = Timeline()
    timeline.offset_s.extend(at_s.tolist())
    timeline.mouth_opening.extend(opening.tolist())
    timeline.yaw_deg.extend([yaw_deg] * len(at_s))
    return timeline
