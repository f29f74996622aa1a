"""What a container used, where control groups are of version 1 and of version 2."""

from __future__ import annotations

from pathlib import Path

from scripts.check_images.usage import Usage, usage


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_version_1(tmp_path: Path) -> None:
    proc, groups = tmp_path / "proc", tmp_path / "cgroup"
    write(proc / "7" / "cgroup", "4:memory:/pods/a\n3:cpu,cpuacct:/pods/b\n0::/elsewhere\n")
    write(groups / "memory" / "pods" / "a" / "memory.max_usage_in_bytes", "512000000\n")
    write(groups / "memory" / "pods" / "a" / "cgroup.procs", "")
    write(groups / "cpuacct" / "pods" / "b" / "cpuacct.usage", "2500000000\n")
    assert usage(7, proc, groups) == Usage(2.5, 512.0)


def test_version_2_and_weights_that_are_charged_to_nobody(tmp_path: Path) -> None:
    proc, groups = tmp_path / "proc", tmp_path / "cgroup"
    write(proc / "7" / "cgroup", "0::/pods/a\n")
    write(proc / "7" / "status", "Name:\ttini\nVmHWM:\t    1000 kB\n")
    write(proc / "9" / "status", "Name:\tpython\nVmHWM:\t 1000000 kB\n")
    write(groups / "pods" / "a" / "memory.peak", "512000000\n")
    write(groups / "pods" / "a" / "cgroup.procs", "7\n8\n9\n")
    write(groups / "pods" / "a" / "cpu.stat", "usage_usec 2500000\nuser_usec 1\n")
    assert usage(7, proc, groups) == Usage(2.5, 1_001_000 * 1024 / 1e6)
