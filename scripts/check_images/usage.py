"""What a container has used, from its control groups: of version 2 where the machine has it, else of version 1."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """`cpu_s` is processor time. `memory_mb` is the most that was charged to the limit, files it read included."""

    cpu_s: float
    memory_mb: float


def usage(pid: int, proc: Path = PROC, groups: Path = GROUPS) -> Usage:
    """Of the container whose first process this is, since it started. Raises OSError when it has ended."""
    lines = (proc / str(pid) / "cgroup").read_text().splitlines()
    found = {
        name: path.lstrip("/") for _, names, path in (one.split(":", 2) for one in lines) for name in names.split(",")
    }
    if "memory" in found:
        cpu_ns = int((groups / "cpuacct" / found["cpuacct"] / "cpuacct.usage").read_text())
        most = int((groups / "memory" / found["memory"] / "memory.max_usage_in_bytes").read_text())
        return Usage(cpu_ns / 1e9, most / 1e6)
    folder = groups / found[""]
    told = dict(line.split() for line in (folder / "cpu.stat").read_text().splitlines())
    return Usage(int(told["usage_usec"]) / 1e6, int((folder / "memory.peak").read_text()) / 1e6)
