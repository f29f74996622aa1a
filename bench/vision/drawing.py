"""A picture of the sample's time series with its events, and of the sample's truth under them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot

from bench.vision.row import Row
from bench.vision.watching import Watched, watched
from services.vision.model import EventKind, VisionAnalyzer

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
LINES = (
    ("head, degrees", ("yaw_deg", "pitch_deg", "roll_deg")),
    ("gaze in the head, degrees", ("gaze_horizontal_deg", "gaze_vertical_deg")),
    ("eye aspect ratio", ("eye_aspect_ratio",)),
    ("mouth opening", ("mouth_opening",)),
    ("faces", ("face_count",)),
)
COLOURS = {EventKind.BLINK: "tab:blue", EventKind.LOOKING_AWAY: "tab:orange"}


def rows(model: VisionAnalyzer, folder: Path) -> Iterator[Row]:
    """Draw each answer of the sample."""
    for answer in json.loads((SAMPLE / "interview.json").read_text())["answers"]:
        path = folder / f"{Path(answer['file']).stem}.png"
        seen = watched(model, SAMPLE / answer["file"])
        draw(seen, answer, path)
        yield Row(f"drawing of {answer['file']}", f"{path.name}, {len(seen.events)} events")


def draw(seen: Watched, truth: dict[str, Any], path: Path) -> None:
    """Series one under the other; events shaded, the truth as bars at the bottom of each field."""
    figure, fields = pyplot.subplots(len(LINES), 1, sharex=True, figsize=(14, 11), constrained_layout=True)
    for axes, (title, names) in zip(fields, LINES, strict=True):
        for name in names:
            axes.plot(seen.times_s, seen.column(name), linewidth=0.9, label=name)
        for event in seen.events:
            axes.axvspan(event.span.start_s, event.span.end_s, color=COLOURS.get(event.kind, "tab:red"), alpha=0.25)
        bottom, top = axes.get_ylim() if title != "faces" else (-0.2, 2.2)
        axes.set_ylim(bottom, top)
        for key in ("blinks", "look_away"):
            for span in truth[key]:
                axes.hlines(bottom, span["start_s"], span["end_s"], color="black", linewidth=8)
        axes.set_ylabel(title)
        axes.legend(loc="upper right", fontsize=7)
    fields[0].set_title(f"{truth['file']}: blue blinks, orange looks away, red others; black bars: the truth")
    fields[-1].set_xlabel("seconds")
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
