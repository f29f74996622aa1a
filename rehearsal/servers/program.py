"""A program of ours as a pod would run it: started without waiting, ended by a signal, its work read from its log."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from rehearsal.servers.process import ServerProcess


class Program(ServerProcess):
    """A process with a log of JSON lines. `name` tells it apart in reports."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Run nothing yet; `folder` is made for the log."""
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(command, folder, lambda: True, environment=environment)
        self.name = name

    @property
    def running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def send(self, sign: signal.Signals) -> None:
        """Send a signal; nothing happens to a process that has ended."""
        if self._process is not None:
            self._process.send_signal(sign)

    def cpu_s(self) -> float:
        """User and system time so far, seconds; 0 once it has ended."""
        return process_cpu_s(self.pid) if self.running else 0.0

    def lines(self, message: str) -> Iterator[dict[str, Any]]:
        """The log's lines with this message, in order. Half a line, as a killed process leaves it, is passed over."""
        with self.log.open(encoding="utf-8", errors="replace") as log:
            for line in log:
                if f'"{message}"' in line and line.endswith("}\n"):
                    yield json.loads(line)


def moment(line: Mapping[str, Any]) -> float:
    """When a log line was written, seconds since the epoch."""
    return datetime.fromisoformat(line["timestamp"]).timestamp()


def process_cpu_s(pid: int) -> float:
    """User and system time of a process and of its children that live, seconds."""
    try:
        process = psutil.Process(pid)
        times = [p.cpu_times() for p in (process, *process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return 0.0
    return float(sum(t.user + t.system for t in times))


def end_all(programs: Sequence[Program], timeout_s: float = 20.0) -> None:
    """End all at the same time with SIGTERM; kill what is left after `timeout_s`."""
    for program in programs:
        if program.running:
            program.send(signal.SIGTERM)
    for program in programs:
        program.stop(timeout_s=timeout_s)
