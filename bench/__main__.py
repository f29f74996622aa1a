"""`make bench`, or `python -m bench [--sample-only]`: the pipeline beside the bare libraries, in one run.

`BENCH_DATA=folder` adds three videos made from real recordings (`faces/clips`, `diarization/dialogues`).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import material
from bench.bare import BareLibraries
from bench.pipeline import MemoryWatch, Run, assess
from interview_client import InterviewClient
from local.ports import Ports
from local.system import LocalSystem

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "out" / "bench.json"
# For a video of 45 seconds on 2 cores with the models loaded.
ANALYSIS_TARGET_S, WALL_TARGET_S, MEMORY_TARGET_GB = 15.0, 40.0, 5.0
STAGES = ("prepare", "transcribe", "watch", "listen", "evaluate", "translate")
console = Console(width=190)


def main() -> None:
    """Run, print, and write out/bench.json."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sample-only", action="store_true", help="leave out the videos made from BENCH_DATA")
    sample_only: bool = parser.parse_args().sample_only
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data = os.environ.get("BENCH_DATA", "")
        videos = material.sample()
        if data and not sample_only:
            videos += material.made(Path(data), Path(folder))
        runs, peak_bytes = _pipeline(videos, Path(folder) / "state")
        libraries = BareLibraries()
        bare = [libraries.seconds(video.path, video.language) for video in videos]
    _print(runs, bare, peak_bytes / 1e9)
    REPORT.parent.mkdir(exist_ok=True)
    rows = [asdict(run) | {"bare_s": alone} for run, alone in zip(runs, bare, strict=True)]
    REPORT.write_text(json.dumps({"runs": rows, "peak_bytes": peak_bytes, "cores": os.cpu_count()}, indent=2))
    console.print(f"Written to {REPORT}")


def _pipeline(videos: list[material.Video], state: Path) -> tuple[list[Run], int]:
    with LocalSystem(state, Ports.free()) as system, InterviewClient(system.url) as client:
        memory = MemoryWatch(system)
        with memory.watching():
            return [assess(client, video) for video in videos], memory.peak_bytes


def _print(runs: list[Run], bare: list[dict[str, float]], peak_gb: float) -> None:
    cores = os.cpu_count() or 1
    table = Table(title=f"Seconds on {cores} cores, models loaded", show_lines=False)
    for column in ("video", "length", *STAGES, "sound+vision+voices", "upload to result", "per minute"):
        table.add_column(column, justify="left" if column == "video" else "right")
    for run in runs:
        stages = [f"{run.stages_s.get(name, 0.0):.1f}" for name in STAGES]
        whole = [f"{run.analysis_s:.1f}", f"{run.wall_s:.1f}", f"{run.wall_s / run.minutes:.0f}"]
        table.add_row(run.name, f"{60 * run.minutes:.0f}", *stages, *whole)
    console.print(table)
    beside = Table(title="Beside the bare libraries in the same run, seconds")
    for column in ("video", "whisper", "landmarker", "voices", "sum / cores", "ours", "of sum", "of landmarker"):
        beside.add_column(column, justify="left" if column == "video" else "right")
    for run, alone in zip(runs, bare, strict=True):
        fair = sum(alone.values()) / cores
        values = [*alone.values(), fair, run.analysis_s, run.analysis_s / fair, run.analysis_s / alone["landmarker"]]
        beside.add_row(run.name, *(f"{value:.2f}" for value in values))
    console.print(beside)
    _print_targets(runs, peak_gb)


def _print_targets(runs: list[Run], peak_gb: float) -> None:
    """The longest of all videos, none of which is longer than the 45 s that the targets are for."""
    worst_analysis = max(run.analysis_s for run in runs)
    worst_wall = max(run.wall_s for run in runs)
    for what, value, target, unit in (
        ("sound, vision and voices of a video", worst_analysis, ANALYSIS_TARGET_S, "s"),
        ("upload to result for a video", worst_wall, WALL_TARGET_S, "s"),
        ("memory of all processes together", peak_gb, MEMORY_TARGET_GB, "GB"),
    ):
        verdict = "met" if value < target else "missed"
        console.print(f"{what}: at most {value:.1f} {unit}, target {target:.0f} {unit}: {verdict}")


if __name__ == "__main__":
    main()
