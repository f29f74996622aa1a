"""Which port each local process listens on."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict, dataclass, fields


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
        """Ports that nobody uses now."""
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in fields(cls)]
        numbers = [s.getsockname()[1] for s in sockets]
        for s in sockets:
            s.close()
        return cls(*numbers)

    def taken(self) -> dict[str, int]:
        """The ports somebody listens on already, by name."""
        return {name: port for name, port in asdict(self).items() if _is_taken(port)}

    def environment(self) -> dict[str, str]:
        """What tells every process its own port and where the others are."""
        own = {f"{name.upper()}_PORT": str(port) for name, port in asdict(self).items()}
        services = ("transcriber", "vision", "audio", "judge")
        targets = {f"WORKER_{n.upper()}_TARGET": f"127.0.0.1:{getattr(self, n)}" for n in services}
        return (
            own
            | targets
            | {
                "INTERVIEW_TEMPORAL_ADDRESS": f"127.0.0.1:{self.temporal}",
                "GATEWAY_ORCHESTRATOR_TARGET": f"127.0.0.1:{self.orchestrator}",
            }
        )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
