"""Which port each local process listens on."""

from __future__ import annotations

import os
import random
import socket
from dataclasses import asdict, dataclass, fields

SERVICES = ("transcriber", "vision", "audio", "judge")
# Below the range from which systems hand out ports by themselves (Linux: 32768 and up, IANA: 49152 and up):
# there, one of Temporal's internal services could be given a port between our choosing it and our binding it.
_FREE_RANGE = range(12_000, 32_000)


@dataclass(frozen=True, slots=True)
class Ports:
    """One port a process, all on 127.0.0.1. The defaults are the documented ones."""

    temporal: int = 7233
    temporal_ui: int = 8233
    transcriber: int = 50051
    vision: int = 50052
    audio: int = 50053
    judge: int = 50054
    orchestrator: int = 50055
    gateway: int = 8000

    @classmethod
    def from_environment(cls) -> Ports:
        """The defaults, each overridable by `<NAME>_PORT`."""
        return cls(**{f.name: int(os.environ.get(f"{f.name.upper()}_PORT", str(f.default))) for f in fields(cls)})

    @classmethod
    def free(cls) -> Ports:
        """Ports that nobody uses now and that no process is given without asking for them."""
        return cls(*free_ports(len(fields(cls))))

    def taken(self) -> dict[str, int]:
        """The ports somebody listens on already, by name."""
        return {name: port for name, port in asdict(self).items() if _is_taken(port)}

    def environment(self) -> dict[str, str]:
        """What tells every process its own port and where the others are."""
        own = {f"{name.upper()}_PORT": str(port) for name, port in asdict(self).items()}
        targets = {f"WORKER_{n.upper()}_TARGET": f"127.0.0.1:{getattr(self, n)}" for n in SERVICES}
        return (
            own
            | targets
            | {
                "INTERVIEW_TEMPORAL_ADDRESS": f"127.0.0.1:{self.temporal}",
                "ORCHESTRATOR_JUDGE_TARGET": f"127.0.0.1:{self.judge}",
                "GATEWAY_ORCHESTRATOR_TARGET": f"127.0.0.1:{self.orchestrator}",
            }
        )


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody uses now and that no process is given without asking for them."""
    numbers = (n for n in random.sample(_FREE_RANGE, len(_FREE_RANGE)) if _can_bind(n))
    return [next(numbers) for _ in range(count)]


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
