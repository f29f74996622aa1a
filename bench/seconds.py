"""docs/measurements/seconds.json: what each part takes. The benches write it; the capacity model and the pages read it.

`media_minute_s`, `answer_s`, `interview_s`: seconds of one core (or one GPU) for a minute of media, an answer, an
interview; `memory_mb`: the most that was resident; `at_once`: calls that do not slow each other down.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parents[1] / "docs" / "measurements" / "seconds.json"
WORDS_A_MINUTE = 130
"""Of an interview's answer: what turns the judge's words into minutes."""

NUMBERS = ("media_minute_s", "answer_s", "interview_s", "memory_mb", "at_once")


def read(table: Path = TABLE) -> dict[str, dict[str, Any]]:
    """Figures by part, in the order of the pages."""
    found: dict[str, dict[str, Any]] = json.loads(table.read_text(encoding="utf-8"))
    return found


def record(part: str, table: Path = TABLE, **figures: float) -> None:
    """Replace figures of a part that is in the table. Raises KeyError."""
    parts = read(table)
    for name, figure in figures.items():
        parts[part][name] = round(figure, 1) if name.endswith("_s") else round(figure)
    rows = (f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in parts.items())
    table.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
