"""`make bench-fairness`, or `python -m bench.fairness [--short] [--only PART,…]`.

Prints how far scores change, and which false alarms there are, with what says nothing about an answer. Ratings are kept
in `BENCH_CACHE` (`.state/bench-judge`), so a stopped run goes on where it was. `BENCH_ANSWERS` names another file of
graded answers than the judge's own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from bench.fairness import judge
from bench.fairness.edits import KINDS
from bench.fairness.missing import MISSING
from bench.judge.ratings import Ratings

ANSWERS = Path(__file__).resolve().parents[2] / "training" / "judge" / "data" / "answers.jsonl"
MOST, SHORT = 20, 1
PARTS = ("judge", "pictures", "missing")
HEAD = "| {} | n | mean change | 95 % interval | mean distance | above 5 points |\n|---|---|---|---|---|---|"


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.fairness", description=__doc__)
    parser.add_argument("--short", action="store_true", help="one answer a language, one picture")
    parser.add_argument("--answers", type=int, default=MOST, help=f"answers in each language ({MOST})")
    parser.add_argument("--only", default="", help=f"some of {', '.join(PARTS)}, separated by commas")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"some of {', '.join(KINDS)}, separated by commas")
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else PARTS
    if "judge" in wanted:
        await _judge(SHORT if options.short else options.answers, options.kinds.split(","))
    if "pictures" in wanted:
        from bench.fairness.pictures import show  # loads the vision service's libraries

        show(options.short)
    if "missing" in wanted:
        print("\n| not measured | why |\n|---|---|")
        for name, why in MISSING.items():
            print(f"| {name} | {why} |")


async def _judge(most: int, kinds: Sequence[str]) -> None:
    answers = judge.chosen(Path(os.environ.get("BENCH_ANSWERS") or ANSWERS), most)
    ratings = Ratings(Path(os.environ.get("BENCH_CACHE", ".state/bench-judge")))
    await ratings.load()
    try:
        print(HEAD.format("the same answer, total of 100"))
        async for row in judge.rows(ratings, answers, kinds):
            print(row, flush=True)
    finally:
        await ratings.close()


if __name__ == "__main__":
    asyncio.run(main())
