"""What is done to a running system: parts of it are killed, frozen, taken away, or find no room on the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

from rehearsal.servers.cluster import Cluster
from rehearsal.servers.deployment import Deployment, Replica
from rehearsal.servers.process import ServerProcess, StartError

START_TRIES = 30
DISK_MIB = 96


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be done to one part; `begin` does it for so many seconds and puts it right again."""

    part: str
    kind: str
    begin: Callable[[float], None]


class Server:
    """PostgreSQL, the object store or the workflow engine."""

    def __init__(self, process: ServerProcess, stop: Callable[[], None]) -> None:
        """`stop` kills the server."""
        self._process, self._stop = process, stop

    def kill(self, _seconds: float) -> None:
        """Kill it; it is started again at once."""
        self.away(0.0)

    def freeze(self, seconds: float) -> None:
        """Stop it and all its processes in the middle of whatever they do, and let them go on."""
        _freeze(self._process.pid, seconds)

    def away(self, seconds: float) -> None:
        """Kill it and start it again later: connections are refused meanwhile. Raises StartError."""
        self._stop()
        time.sleep(seconds)
        for left in reversed(range(START_TRIES)):
            try:
                return self._process.start()
            except StartError:  # what it had in memory or on the disk may belong to its old processes for a moment
                if not left:
                    raise
                time.sleep(1)


class Replicas:
    """A deployment of ours; the same seed hits the same replicas."""

    def __init__(self, deployment: Deployment, random: Random) -> None:
        """Nothing is done yet."""
        self._deployment, self._random = deployment, random

    def kill(self, _seconds: float) -> None:
        """Kill a replica, which is started again as its pod would be."""
        if (replica := self._one()) is not None:
            self._deployment.kill(replica)

    def freeze(self, seconds: float) -> None:
        """Stop a replica in the middle of whatever it does, and let it go on."""
        if (replica := self._one()) is not None:
            _freeze(replica.program.pid, seconds)

    def away(self, seconds: float) -> None:
        """Kill all replicas; connections are refused until there are new ones."""
        wanted, self._deployment.wanted = self._deployment.wanted, 0
        for replica in self._deployment.staying:
            replica.leaving = True
            self._deployment.kill(replica)
        time.sleep(seconds)
        self._deployment.scale(wanted)

    def _one(self) -> Replica | None:
        running = [r for r in self._deployment.staying if r.program.running]
        return self._random.choice(running) if running else None


class Disk:
    """A small disk of its own at a folder; where the system does not let us have one, `there` is False."""

    def __init__(self, folder: Path) -> None:
        """Nothing is mounted yet."""
        self._folder, self.there = folder, False

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """A file system in memory, for as long as the context lasts; needs root."""
        self._folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(self._folder)]
        with suppress(OSError):
            self.there = os.geteuid() == 0 and not subprocess.run(command, check=False, capture_output=True).returncode
        try:
            yield
        finally:
            if self.there:
                subprocess.run(["umount", "--lazy", str(self._folder)], check=False)

    def full(self, seconds: float) -> None:
        """Fill it to the last byte, and make room again."""
        filler = self._folder / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(1 << 16)):
                continue
        time.sleep(seconds)
        filler.unlink()


def faults_of(system: Cluster, disk: Disk, random: Random) -> list[Fault]:
    """Everything that can be done to each part."""
    servers = {
        "PostgreSQL": Server(system.database.process, lambda: system.database.process.stop(signal.SIGKILL)),
        "object store": Server(system.store.process, system.store.stop),
        "workflow engine": Server(system.temporal, lambda: system.temporal.stop(signal.SIGKILL)),
    }
    replicas = {name: Replicas(deployment, random) for name, deployment in system.deployments.items()}
    parts: dict[str, Server | Replicas] = {**servers, **replicas}
    found = [
        Fault(name, kind, begin)
        for name, part in parts.items()
        for kind, begin in (("killed", part.kill), ("frozen", part.freeze), ("away", part.away))
    ]
    return [*found, *([Fault("disk", "full", disk.full)] if disk.there else [])]


def in_turn(faults: Sequence[Fault], random: Random) -> Iterator[Fault]:
    """Without end: every part once in each round, in random order, each time with a kind that it had least so far."""
    left: dict[str, list[Fault]] = {}
    while True:
        for part in random.sample(names := list(dict.fromkeys(f.part for f in faults)), len(names)):
            if not left.get(part):
                kinds = [fault for fault in faults if fault.part == part]
                left[part] = random.sample(kinds, len(kinds))
            yield left[part].pop()


def _freeze(pid: int, seconds: float) -> None:
    frozen = []
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.suspend()
                frozen.append(each)
    time.sleep(seconds)
    for each in frozen:
        with suppress(psutil.NoSuchProcess):
            each.resume()
