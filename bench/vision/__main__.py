"""`make bench-vision`, or `python -m bench.vision [--only PART,PART] [--minutes M]`.

`BENCH_DATA=folder` adds real clips and portraits (`faces/clips`, `faces/images`). Made clips are kept in
out/bench-vision, and so are the rows of parts that were measured before: the table (table.json, table.md) holds the
latest of each. Parts: time, blinks, looks, faces, persons, camera, memory, left-out, drawing.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
from rich.console import Console
from rich.table import Table

from bench.vision import blinking, cameras, cost, counting, drawing, left_out, looking, persons
from bench.vision.faces import puppets
from bench.vision.material import Material
from bench.vision.row import Row
from servicekit.weights.folder import default_model_dir
from servicekit.weights.resolver import resolve
from services.vision.analyzer import PictureAnalyzer
from services.vision.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "out" / "bench-vision"
TABLE = FOLDER / "table.json"
LONG_MINUTES = 30.0
PARTS = ("time", "blinks", "looks", "faces", "persons", "camera", "memory", "left-out", "drawing")
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
    for part, rows in _rows(material, landmarker, wanted, options.minutes):
        _keep(part, rows)
    kept = _kept()
    found = [Row(**row) for part in PARTS for row in kept.get(part, [])]
    _print(found)
    (FOLDER / "table.md").write_text(_markdown(found))


def _kept() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    return found


def _keep(part: str, rows: list[Row]) -> None:
    TABLE.write_text(json.dumps(_kept() | {part: [asdict(row) for row in rows]}, indent=2))


def _rows(material: Material, landmarker: Path, wanted: list[str], minutes: float) -> Iterator[tuple[str, list[Row]]]:
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
        "left-out": lambda: left_out.rows(material, model, landmarker),
        "drawing": lambda: drawing.rows(model, FOLDER),
    }
    for name in PARTS:
        if not wanted or name in wanted:
            yield name, list(_told(parts[name]()))
    model.close()


def _told(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        console.print(f"{row.what}: {row.ours}", highlight=False)
        yield row


def _markdown(found: list[Row]) -> str:
    lines = ["| what | persons | n | ours | target | beside it |", "|---|---|---|---|---|---|"]
    for row in found:
        target = f"{row.target}: {row.verdict.lower()}" if row.verdict else row.target
        lines.append(f"| {row.what} | {row.persons} | {row.n or ''} | {row.ours} | {target} | {row.peer} |")
    return "\n".join(lines) + "\n"


def _print(found: list[Row]) -> None:
    table = Table(title=f"Vision, {os.cpu_count()} cores")
    for column in ("what", "persons", "n", "ours", "target", "peer", ""):
        table.add_column(column)
    for row in found:
        table.add_row(row.what, row.persons, str(row.n or ""), row.ours, row.target, row.peer, row.verdict)
    console.print(table)


if __name__ == "__main__":
    main()
