"""What the services did, counted from the logs of all their processes, killed ones included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from local.ports import SERVICES
from rehearsal.callers import Outcome
from rehearsal.servers.deployment import Deployment, Replica
from rehearsal.servers.program import moment
from rehearsal.servers.stand_ins import BEGAN


@dataclass(frozen=True, slots=True)
class ReplicaWork:
    """Calls that one replica began and refused, and seconds from its being ready to its first call (None: no call)."""

    name: str
    calls: int
    refused: int
    first_call_s: float | None


@dataclass(frozen=True, slots=True)
class ServiceWork:
    """Calls of a service: `needed` by the sessions, `begun` by its replicas."""

    service: str
    needed: int
    replicas: tuple[ReplicaWork, ...]

    @property
    def begun(self) -> int:
        """Calls whose work began."""
        return sum(r.calls for r in self.replicas)

    @property
    def redone(self) -> int:
        """Calls that were begun again, since the replica or the worker went away or the connection broke."""
        return self.begun - self.needed

    @property
    def refused(self) -> int:
        """Calls that found their replica full."""
        return sum(r.refused for r in self.replicas)


def service_work(deployments: Mapping[str, Deployment], outcomes: Sequence[Outcome]) -> list[ServiceWork]:
    """The work of the four services on these sessions, when nothing else was asked of them."""
    return [
        ServiceWork(name, needed_calls(name, outcomes), tuple(map(replica_work, deployments[name].all_replicas)))
        for name in SERVICES
    ]


def needed_calls(service: str, outcomes: Sequence[Outcome]) -> int:
    """One call an answer; of the judge two, rating and translation, and one a session, the summary."""
    answers = sum(outcome.answers for outcome in outcomes)
    return 2 * answers + len(outcomes) if service == "judge" else answers


def replica_work(replica: Replica) -> ReplicaWork:
    """The calls of a replica; its first one is looked for from when it was first ready."""
    begun = [moment(line) for line in replica.program.lines(BEGAN)]
    refused = sum(line.get("reason") == "CAPACITY" for line in replica.program.lines("call"))
    first_s = round(begun[0] - replica.ready_at, 1) if begun and replica.ready_at else None
    return ReplicaWork(replica.program.name, len(begun), refused, first_s)
