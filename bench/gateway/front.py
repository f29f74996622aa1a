"""The front half of the system as real processes: Temporal, orchestrator, gateway; no services, no workers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from local.ports import Ports
from local.system import ROOT, gateway_ready
from orchestrator.migrate import migrate
from orchestrator.settings import DatabaseSettings
from rehearsal.servers.process import ServerProcess


@dataclass(frozen=True, slots=True)
class Front:
    """Where it answers and where its things are."""

    url: str
    gateway: psutil.Process
    database: DatabaseSettings
    objects: Path


@contextmanager
def front(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Front]:
    """Started and ready inside, ended after; with these `settings` beside its own."""
    ports = Ports.free()
    database_url = f"sqlite+aiosqlite:///{folder / 'sessions.db'}"
    migrate(database_url)
    environment = {
        **os.environ,
        **ports.environment(),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'gen'}",
        "INTERVIEW_DATABASE_URL": database_url,
        "INTERVIEW_OBJECT_STORE": str(folder / "objects"),
        "INTERVIEW_LOG_LEVEL": "WARNING",
        "INTERVIEW_KEY_ENCRYPTION_FILE": str(folder / "key-encryption.keys"),
        "GATEWAY_RATE_LIMIT": "",
        **(settings or {}),
    }
    temporal = ["temporal", "server", "start-dev", "--headless", "--log-level", "error", "--ip", "127.0.0.1"]
    temporal += ["--port", str(ports.temporal), "--db-filename", str(folder / "temporal.db")]
    commands = {
        "temporal": temporal,
        "orchestrator": [sys.executable, "-m", "orchestrator"],
        "gateway": [sys.executable, "-m", "gateway"],
    }
    url = f"http://127.0.0.1:{ports.gateway}"
    with ExitStack() as stack:
        for name, command in commands.items():
            (folder / name).mkdir()
            process = ServerProcess(command, folder / name, _ready(name, url), environment=environment)
            process.start()
            stack.callback(process.stop)
        database = DatabaseSettings(INTERVIEW_DATABASE_URL=database_url)
        yield Front(url, psutil.Process(process.pid), database, folder / "objects")


def _ready(name: str, url: str) -> Callable[[], bool]:
    """The gateway is ready when all three are; the others need not be waited for."""
    return (lambda: gateway_ready(url)) if name == "gateway" else (lambda: True)
