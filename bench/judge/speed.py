"""One answer with everything, beside bare reading of its tokens in the same run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench import seconds
from bench.judge.ratings import RUBRIC
from bench.judge.robustness import material
from services.judge.learned.evaluator import HeadEvaluator, stored_head
from services.judge.llama.backend import LlamaCpp
from services.judge.model import RatingInput
from services.judge.settings import Settings

STATUS = Path("/proc/self/status")


async def rows() -> Iterator[tuple[str, str]]:
    """Start, one answer, memory."""
    llama = LlamaCpp(Settings())
    started = time.perf_counter()
    await llama.load()
    await llama.prepare()
    ready_s = time.perf_counter() - started
    judge = HeadEvaluator(llama, stored_head())
    row = material("answers")[0]
    request = RatingInput(row["question"], row["good"], row["language"], row["language"])
    whole, bare = [], []
    cpu = []
    for _ in range(3):
        started, before = time.perf_counter(), time.process_time()
        found = await judge.evaluate(request, RUBRIC)
        whole.append(time.perf_counter() - started)
        cpu.append(time.process_time() - before)
        started = time.perf_counter()
        await llama.read(request.question, "", request.answer)
        bare.append(time.perf_counter() - started)
    await llama.close()
    tokens, best, least = found.work.input_tokens, min(whole), min(bare)
    words = len(request.answer.split())
    seconds.record("judge", media_minute_s=min(cpu) / words * seconds.WORDS_A_MINUTE, memory_mb=_resident_kb() / 1e3)
    return iter(
        [
            ("start to ready", f"{ready_s:.1f} s"),
            (
                f"one answer of {len(request.answer.split())} words, {tokens} tokens, scores and explanation",
                f"{best:.2f} s, {best / least:.2f} of reading it once ({tokens / least:.0f} tokens a second)",
            ),
            ("memory of the process", f"{_resident_kb() / 1e6:.2f} GB"),
        ]
    )


def _resident_kb() -> int:
    return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
