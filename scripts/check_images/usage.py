"""What a container has used, from its control groups: of version 2 where the machine has it, else of version 1."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
PROC = Path("/proc")
PEAK = "VmHWM:"
"""The line of a process' status with the most that it had in memory at once, in KiB."""


@dataclass(frozen=True, slots=True)
class Usage:
    """`cpu_s` is processor time. `memory_mb` is the most it had in memory, mapped weights included.

    Weights that the machine held already are charged to nobody here, but would be on a node: so it is the larger one
    of what was charged and what the processes that run had mapped.
    """

    cpu_s: float
    memory_mb: float


def usage(pid: int, proc: Path = PROC, groups: Path = GROUPS) -> Usage:
    """Of the container whose first process this is, since it started. Raises OSError when it has ended."""
    lines = (one.split(":", 2) for one in (proc / str(pid) / "cgroup").read_text().splitlines())
    found = {name: path.lstrip("/") for _, names, path in lines for name in names.split(",")}
    if "memory" in found:
        cpu_s = int((groups / "cpuacct" / found["cpuacct"] / "cpuacct.usage").read_text()) / 1e9
        folder, peak = groups / "memory" / found["memory"], "memory.max_usage_in_bytes"
    else:
        folder, peak = groups / found[""], "memory.peak"
        told = dict(line.split() for line in (folder / "cpu.stat").read_text().splitlines())
        cpu_s = int(told["usage_usec"]) / 1e6
    mapped = sum(_mapped(proc / one) for one in (folder / "cgroup.procs").read_text().split())
    return Usage(cpu_s, max(int((folder / peak).read_text()), mapped) / 1e6)


def _mapped(process: Path) -> int:
    """Bytes."""
    try:
        lines = (process / "status").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(PEAK))
