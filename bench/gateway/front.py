"""The front half of the system as real processes: Temporal, orchestrator, gateway; no services, no workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from local.ports import Ports
from local.system import ROOT, gateway_ready
from orchestrator.migrate import migrate
from orchestrator.settings import DatabaseSettings

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Front:
    """Where it answers and where its things are."""

    url: str
    gateway: psutil.Process
    database: DatabaseSettings
    objects: Path


@contextmanager
def front(folder: Path) -> Iterator[Front]:
    """Started and ready inside, ended after."""
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
        "GATEWAY_RATE_LIMIT": "",
    }
    temporal = ["temporal", "server", "start-dev", "--headless", "--log-level", "error", "--ip", "127.0.0.1"]
    temporal += ["--port", str(ports.temporal), "--db-filename", str(folder / "temporal.db")]
    commands = [temporal, [sys.executable, "-m", "orchestrator"], [sys.executable, "-m", "gateway"]]
    with ExitStack() as stack:
        started = [stack.enter_context(_process(command, environment, folder)) for command in commands]
        url = f"http://127.0.0.1:{ports.gateway}"
        _wait_ready(url, folder)
        database = DatabaseSettings(INTERVIEW_DATABASE_URL=database_url)
        yield Front(url, psutil.Process(started[-1].pid), database, folder / "objects")


@contextmanager
def _process(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "front.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_ready(url: str, folder: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not gateway_ready(url):
        if time.monotonic() > deadline:
            raise SystemExit(f"The gateway did not become ready:\n{(folder / 'front.log').read_text()[-2000:]}")
        time.sleep(0.2)
