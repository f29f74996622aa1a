"""`python -m bench.judge [--all] [--only PART,…]`: rate what is not known yet, then print the table.

Ratings are kept in `BENCH_CACHE` (`.state/bench-judge`), so a stopped run goes on where it was. How the head was
fitted and how right it is on its own graded answers is printed by `python -m training.judge`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from bench.judge import grading, robustness, speed, translating
from bench.judge.ratings import Ratings

DEFAULT = 60
PARTS = ("speed", "kinds", "variants", "grading", "attacks", "translation")


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge", description=__doc__)
    parser.add_argument("--all", action="store_true", help=f"everything instead of {DEFAULT} of each")
    parser.add_argument("--only", default="", help=f"some of {', '.join(PARTS)}, separated by commas")
    options = parser.parse_args()
    ratings = Ratings(Path(os.environ.get("BENCH_CACHE", ".state/bench-judge")))
    await ratings.load()
    try:
        for part in PARTS if not options.only else options.only.split(","):
            async for name, value in rows(part, ratings, 10_000 if options.all else DEFAULT):
                print(f"| {name} | {value} |", flush=True)
    finally:
        await ratings.close()


async def rows(part: str, ratings: Ratings, most: int) -> AsyncIterator[tuple[str, str]]:
    """Lines of one part of the table, as they come."""
    if part == "attacks":
        for name in ("attacks_seen", "attacks_blind"):
            yield await robustness.attacks(ratings, name, most)
        yield await robustness.honest(ratings, most)
        return
    if part == "speed":
        found = list(await speed.rows())
    elif part == "translation":
        found = await translating.rows(ratings.llama)
    elif part == "grading":
        found = await graded_rows(ratings, most)
    else:
        found = list(await (robustness.kinds(ratings) if part == "kinds" else robustness.same_content(ratings)))
    for row in found:
        yield row


async def graded_rows(ratings: Ratings, most: int) -> list[tuple[str, str]]:
    """Agreement with human grades; says so where there is no material."""
    path = Path(os.environ.get("BENCH_DATA", "")) / "grading_en" / "mohler_dev.jsonl"
    if not path.is_file():
        return [("agreement with human grades", "left out: BENCH_DATA names no folder with grading_en")]
    return await grading.rows(ratings, grading.chosen(path, most))


if __name__ == "__main__":
    asyncio.run(main())
