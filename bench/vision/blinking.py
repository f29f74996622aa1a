"""Blinks on made clips at several frame rates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.vision import original
from bench.vision.acts import Act, random_blinks
from bench.vision.clips import steady, variable
from bench.vision.material import Material
from bench.vision.row import Row
from bench.vision.scores import Score, score
from bench.vision.watching import watched
from services.vision.model import EventKind, VisionAnalyzer

DURATION_S = 16.0
RATES_HZ = (15.0, 24.0, 30.0, 60.0)
LEAST_F1, MOST_RATE_ERROR, RATE_FOR_TARGET_HZ = 0.90, 0.10, 24.0


def rows(material: Material, model: VisionAnalyzer, landmarker: Path) -> Iterator[Row]:
    """A row for each frame rate, all faces together."""
    for rate_hz in (*RATES_HZ, 0.0):
        times_s = steady(DURATION_S, rate_hz) if rate_hz else variable(DURATION_S)
        yield _row(material, model, landmarker, rate_hz, times_s)


def _row(material: Material, model: VisionAnalyzer, landmarker: Path, rate_hz: float, times_s: list[float]) -> Row:
    ours, peer, errors, peer_errors = Score(0, 0, 0), Score(0, 0, 0), [], []
    for number, face in enumerate(material.puppets):
        truth = random_blinks(DURATION_S, seed=number)
        name = f"blinks-{rate_hz:.0f}"
        path = material.performed(name, face, Act(DURATION_S, truth), times_s)
        seen = watched(model, path)
        spans, per_minute = original.blinks(path, landmarker)
        ours += score(truth, seen.spans(EventKind.BLINK))
        peer += score(truth, spans)
        true_per_minute = 60 * len(truth) / DURATION_S
        errors.append((seen.summary.blink_rate_per_minute or 0.0) / true_per_minute - 1)
        peer_errors.append(per_minute / true_per_minute - 1)
    error, peer_error = (sum(map(abs, each)) / len(each) for each in (errors, peer_errors))
    counted = rate_hz == 0 or rate_hz >= RATE_FOR_TARGET_HZ
    return Row(
        f"blinks at {rate_hz:.0f} fps" if rate_hz else "blinks at a variable rate",
        f"F1 {ours.f1:.2f} ({ours.hits} of {ours.hits + ours.missed}, {ours.invented} false), rate off {error:.0%}",
        f"F1 {LEAST_F1:.2f}, rate within {MOST_RATE_ERROR:.0%}" if counted else "",
        f"F1 {peer.f1:.2f}, rate off {peer_error:.0%}",
        (ours.f1 >= LEAST_F1 and error <= MOST_RATE_ERROR) if counted else None,
    )
