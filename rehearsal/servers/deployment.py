"""Replicas of one program, kept as a Kubernetes Deployment keeps its pods."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.servers.program import Program, end_all

Probe = Callable[[str], bool]
"""Whether the replica at an address takes calls."""

FIRST_HOST = 11
MOST_REPLICAS = 9


@dataclass(slots=True)
class Replica:
    """One process at an address of its own. Times are seconds since the epoch."""

    address: str
    program: Program
    started_at: float = field(default_factory=time.time)
    ready_at: float | None = None
    ready: bool = False
    leaving: bool = False

    @property
    def takes_calls(self) -> bool:
        """Whether its address is to be handed out."""
        return self.ready and self.program.running


class Deployment:
    """As many replicas as wanted: dead ones are started again, surplus ones are drained.

    `reconcile` does it, and publishes the addresses of the ready ones. Every method may be called from any thread.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        environment: Callable[[str], Mapping[str, str]],
        probe: Probe,
        publish: Callable[[str, Iterable[str]], None],
    ) -> None:
        """Start nothing; `environment` gives what a replica at an address needs."""
        self.name = name
        self.wanted = 0
        self.replicas: list[Replica] = []
        self.ended: list[Replica] = []
        self._command, self._folder, self._environment = command, folder, environment
        self._probe, self._publish = probe, publish
        self._lock = threading.RLock()

    @property
    def all_replicas(self) -> list[Replica]:
        """Every replica there has been, ended ones included."""
        with self._lock:
            return [*self.ended, *self.replicas]

    @property
    def ready(self) -> list[Replica]:
        """The replicas that take calls."""
        with self._lock:
            return [r for r in self.replicas if r.takes_calls]

    @property
    def staying(self) -> list[Replica]:
        """The replicas that are not on their way out."""
        with self._lock:
            return [r for r in self.replicas if not r.leaving]

    def scale(self, count: int) -> None:
        """Want this many from now on."""
        self.wanted = count
        self.reconcile()

    def drain(self, replica: Replica) -> None:
        """End a replica with SIGTERM; another one takes its place."""
        with self._lock:
            replica.leaving = True
            replica.program.send(signal.SIGTERM)

    def kill(self, replica: Replica) -> None:
        """Kill a replica; it is started again at its address, as a container within its pod."""
        with self._lock:
            replica.program.send(signal.SIGKILL)

    def reconcile(self) -> None:
        """Bring what is to what is wanted, as far as that goes at once."""
        with self._lock:
            for replica in tuple(self.replicas):
                if not replica.program.running:
                    self._bury(replica)
            for replica in self.staying[self.wanted :]:
                self.drain(replica)
            while len(self.staying) < self.wanted:
                self._add()
            for replica in self.replicas:
                self._look(replica)
            self._publish(self.name, [r.address for r in self.replicas if r.takes_calls])

    def end(self) -> None:
        """End every replica and start none any more."""
        with self._lock:
            self.wanted = 0
            for replica in self.replicas:
                replica.leaving = True
            end_all([r.program for r in self.replicas])
            self.reconcile()

    def _bury(self, replica: Replica) -> None:
        if replica.leaving:
            self.replicas.remove(replica)
            self.ended.append(replica)
        else:
            replica.ready = False
            replica.program.start()

    def _add(self) -> None:
        taken = {r.address for r in self.replicas}
        addresses = (f"127.0.0.{FIRST_HOST + n}" for n in range(MOST_REPLICAS))
        address = next(a for a in addresses if a not in taken)
        name = f"{self.name}-{address.rpartition('.')[2]}-{len(self.replicas) + len(self.ended)}"
        program = Program(name, self._command, self._folder / name, self._environment(address))
        program.start()
        self.replicas.append(Replica(address, program))

    def _look(self, replica: Replica) -> None:
        replica.ready = replica.program.running and self._probe(replica.address)
        if replica.ready and replica.ready_at is None:
            replica.ready_at = time.time()
