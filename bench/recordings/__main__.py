"""`make bench-recordings`, or `python -m bench.recordings [--short] [--only WORD]`.

Every kind is made from the sample answers, read by the three services, and what is right and wrong about it is counted.
`BENCH_DATA=folder` adds recordings that people reported (`recordings` in it). Ends with 1 where something is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.recordings.counting import Count, counted
from bench.recordings.kinds import KINDS
from bench.recordings.reader import Services
from bench.recordings.reported import reported

FOLDER = Path(__file__).resolve().parents[2] / "out" / "bench-recordings"
console = Console(width=180)


def main() -> int:
    """Read, count, print, and write out/bench-recordings/table.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.recordings", description=__doc__)
    parser.add_argument("--short", action="store_true", help="only those that `make test` reads too")
    parser.add_argument("--only", default="", help="only kinds with this word in their name")
    options = parser.parse_args()
    data = os.environ.get("BENCH_DATA")
    kinds = [*KINDS, *(reported(Path(data)) if data else ())]
    kinds = [kind for kind in kinds if options.only in kind.name and (kind.short or not options.short)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    services, found = Services(), list[Count]()
    try:
        for number, kind in enumerate(kinds):
            found.append(counted(services, kind, FOLDER / f"kind{number}"))
            console.print(f"{found[-1].right} of {found[-1].claims} right: {kind.name}")
    finally:
        services.close()
    _print(found)
    (FOLDER / "table.json").write_text(json.dumps([count.row() for count in found], indent=2))
    return int(any(count.wrong for count in found))


def _print(found: list[Count]) -> None:
    table = Table("kind", "right", "wrong", "what was wrong, and what was read")
    for count in found:
        table.add_row(count.kind, str(count.right), str(len(count.wrong)), "\n".join(count.wrong))
    right, wrong = sum(count.right for count in found), sum(len(count.wrong) for count in found)
    table.add_row(f"all {len(found)}", str(right), str(wrong), "", style="bold")
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
