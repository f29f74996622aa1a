"""`python -m bench.judge [--all] [--minutes N]`: ask what is not known yet, then print the table.

Answers of the model are kept in `BENCH_CACHE` (`.state/bench-judge`), so a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

from services.judge.llama_cpp import LlamaCpp

from bench.judge import grading, robustness, translating
from bench.judge.completions import Kept
from services.judge.settings import Settings

DEFAULT_ANSWERS = 60
PARTS = ("grading", "kinds", "attacks", "variants", "translation")
UNDEFENDED = 10
"""Attacks that are also rated without the defence: they cost three ratings each."""


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every graded answer instead of 60")
    parser.add_argument("--minutes", type=float, default=60.0, help="ask the model for at most so long")
    parser.add_argument("--only", default="", help=f"some of {', '.join(PARTS)}, separated by commas")
    options = parser.parse_args()
    deadline = time.monotonic() + options.minutes * 60
    chat = Kept(LlamaCpp(Settings()), Path(os.environ.get("BENCH_CACHE", ".state/bench-judge")))
    await chat.load()
    try:
        for part in PARTS if not options.only else options.only.split(","):
            async for name, value in rows(part, chat, 10_000 if options.all else DEFAULT_ANSWERS, deadline):
                print(f"| {name} | {value} |", flush=True)
    finally:
        await chat.close()


async def rows(part: str, chat: Kept, most: int, deadline: float) -> AsyncIterator[tuple[str, str]]:
    """Lines of one part of the table, as they come."""
    if part == "attacks":
        async for row in attack_rows(chat):
            yield row
        return
    if part == "translation":
        found = await translating.rows(chat)
    elif part == "grading":
        found = await graded_rows(chat, most, deadline)
    else:
        found = list(await (robustness.kinds(chat) if part == "kinds" else robustness.same_content(chat)))
    for row in found:
        yield row


async def attack_rows(chat: Kept) -> AsyncIterator[tuple[str, str]]:
    """Attacks with and without the defence, and what the defence does to honest answers."""
    stored = robustness.material("attacks")
    for group in sorted(stored):
        tried = [await robustness.attacked(chat, n, group, a, defended=True) for n, a in enumerate(stored[group])]
        for row in robustness.attack_rows(group, tried):
            yield row
    yield await robustness.drift(chat)
    blind = stored["blind"][:UNDEFENDED]
    tried = [await robustness.attacked(chat, n, "undefended", a, defended=False) for n, a in enumerate(blind)]
    for row in robustness.attack_rows("blind, without the defence", tried):
        yield row


async def graded_rows(chat: Kept, most: int, deadline: float) -> list[tuple[str, str]]:
    """Agreement with human grades; says so where there is no material."""
    path = Path(os.environ.get("BENCH_DATA", "")) / "grading_en" / "mohler_dev.jsonl"
    if not path.is_file():
        return [("agreement with human grades", "left out: BENCH_DATA names no folder with grading_en")]
    found = []
    for row in grading.chosen(path, most):
        if time.monotonic() > deadline:
            break
        found.append(await grading.graded(chat, row))
    return list(grading.rows(found)) if len(found) > 2 else []


if __name__ == "__main__":
    asyncio.run(main())
