"""`make bench-vision`, or `python -m bench.vision [--only time,blinks,looks,faces,persons,camera,memory,drawing]`.

`BENCH_DATA=folder` adds real clips and portraits (`faces/clips`, `faces/images`). Made clips are kept in
out/bench-vision.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import cv2
from rich.console import Console
from rich.table import Table

from bench.vision import blinking, cameras, cost, counting, drawing, looking, persons
from bench.vision.faces import puppets
from bench.vision.material import Material
from bench.vision.row import Row
from servicekit.weights.folder import default_model_dir
from servicekit.weights.resolver import resolve
from services.vision.analyzer import PictureAnalyzer
from services.vision.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "out" / "bench-vision"
LONG_MINUTES = 30.0
console = Console(width=200)


def main() -> None:
    """Measure, print, and write out/bench-vision/table.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.vision", description=__doc__)
    parser.add_argument("--only", default="", help="parts, with commas between")
    parser.add_argument("--minutes", type=float, default=LONG_MINUTES, help="length of the long recording")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    landmarker = resolve("face-landmarker", default_model_dir()).main_file
    data = Path(os.environ["BENCH_DATA"]) if os.environ.get("BENCH_DATA") else None
    material = Material(FOLDER, dict(puppets(landmarker, data)), data)
    wanted = options.only.split(",") if options.only else []
    found = list(_rows(material, landmarker, wanted, options.minutes))
    _print(found)
    (FOLDER / "table.json").write_text(json.dumps([asdict(row) for row in found], indent=2))


def _rows(material: Material, landmarker: Path, wanted: list[str], minutes: float) -> Iterator[Row]:
    model = PictureAnalyzer(Settings())
    model.load()
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "time": lambda: cost.time_rows(material, model, landmarker),
        "blinks": lambda: blinking.rows(material, model, landmarker),
        "looks": lambda: looking.rows(material, model),
        "faces": lambda: counting.rows(material, model),
        "persons": lambda: persons.rows(material, model),
        "camera": lambda: cameras.rows(material, model),
        "memory": lambda: cost.memory_rows(material, minutes),
        "drawing": lambda: drawing.rows(model, FOLDER),
    }
    for name, measure in parts.items():
        if not wanted or name in wanted:
            for row in measure():
                console.print(f"{row.what}: {row.ours}", highlight=False)
                yield row
    model.close()


def _print(found: list[Row]) -> None:
    table = Table(title=f"Vision, {os.cpu_count()} cores")
    for column in ("what", "ours", "target", "peer", ""):
        table.add_column(column)
    for row in found:
        verdict = "" if row.met is None else ("met" if row.met else "MISSED")
        table.add_row(row.what, row.ours, row.target, row.peer, verdict)
    console.print(table)


if __name__ == "__main__":
    main()
