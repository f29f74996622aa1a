"""From a chat model's levels to scores: one small map a model, fitted on graded answers by the training command.

Models bunch their levels in different places; a map is needed for each, and says how far its scores are off.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "weights" / "calibrations"


@dataclass(frozen=True, slots=True)
class Curve:
    """Scores 1 to 100 at levels 0 to 1, straight between them; `error` the mean absolute error in points."""

    levels: tuple[float, ...]
    scores: tuple[float, ...]
    error: float

    def score(self, level: float) -> float:
        """The score at a level."""
        pairs = [*zip(self.levels, self.scores, strict=True)]
        if level <= pairs[0][0]:
            return pairs[0][1]
        for (left, low), (right, high) in pairwise(pairs):
            if level <= right:
                return low + (high - low) * (level - left) / max(right - left, 1e-9)
        return pairs[-1][1]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves by criterion; `own` is for a rubric's own criteria. `interval` widens the error to 8 of 10 answers."""

    curves: dict[str, Curve]
    interval: float
    data_sha256: str

    def curve(self, criterion: str) -> Curve | None:
        """That of the criterion, of quality for a rubric's own ones."""
        return self.curves.get(criterion) or self.curves.get("quality")


def file_name(model: str) -> str:
    """A model's name as a file's."""
    return re.sub(r"[^A-Za-z0-9._-]+", "--", model) + ".json"


def read(model: str, folder: Path) -> Calibration | None:
    """The map of a model, None where none was fitted. Raises ValueError for a file that is none."""
    path = folder / file_name(model)
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_text())
        curves = {
            name: Curve(tuple(c["levels"]), tuple(c["scores"]), float(c["error"]))
            for name, c in stored["curves"].items()
        }
        return Calibration(curves, float(stored["interval"]), str(stored["data_sha256"]))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is no calibration: fit it again with `python -m training.judge calibrate`") from error


def write(model: str, found: Calibration, folder: Path) -> Path:
    """Keep a map; gives its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(model)
    curves = {n: {"levels": c.levels, "scores": c.scores, "error": c.error} for n, c in found.curves.items()}
    stored = {"model": model, "curves": curves, "interval": found.interval, "data_sha256": found.data_sha256}
    path.write_text(json.dumps(stored, indent=1) + "\n")
    return path
