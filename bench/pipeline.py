"""The whole pipeline through REST: seconds per stage, from upload to result, and memory of all processes."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psutil

from bench.material import Video
from interview_client import InterviewClient, NewAnswer
from local.system import LocalSystem

SAMPLING_S = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """One session of one video. `analysis_s`: from the first to the last of sound, vision and voices."""

    name: str
    minutes: float
    wall_s: float
    analysis_s: float
    stages_s: dict[str, float]


class MemoryWatch:
    """The largest sum of all processes' proportional memory, bytes; shared pages count once."""

    def __init__(self, system: LocalSystem) -> None:
        """Watch every program of `system`."""
        self._system, self._stopped = system, threading.Event()
        self.peak_bytes = 0

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Sample twice a second."""
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(SAMPLING_S):
            self.peak_bytes = max(self.peak_bytes, sum(map(_memory, self._system.pids().values())))


def assess(client: InterviewClient, video: Video) -> Run:
    """One video in a session of its own."""
    started = time.perf_counter()
    answer = NewAnswer(video.path, "Tell me about a problem that you solved.", language=video.language)
    session_id = client.submit("Bench", [answer], video.language)
    for _ in client.watch(session_id):
        continue
    wall_s = time.perf_counter() - started
    result = client.results(session_id)
    timing: dict[str, Any] = result["metadata"]["timing"][0]
    seconds: dict[str, float] = timing["seconds"]
    minutes = result["content"][0]["result"]["metadata"]["duration_seconds"] / 60
    # The three start together when the recording is prepared.
    analysis_s = max(seconds.get(name, 0.0) for name in ("transcribe", "watch", "listen"))
    client.delete(session_id)
    return Run(video.name, minutes, wall_s, analysis_s, seconds)


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return 0
