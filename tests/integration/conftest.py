from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from interview_client import InterviewClient
from local.ports import Ports
from local.system import LocalSystem
from tests.support.collector import Collector, collecting


def local_system(state: Path, collector: Collector) -> LocalSystem:
    """A system of its own: free ports, its state in a temporary folder, metrics of some and traces of all."""
    free = Ports.free()
    settings = {
        "TRANSCRIBER_METRICS_PORT": str(free.transcriber),
        "WORKER_METRICS_PORT": str(free.gateway),
        "WORKER_ALLOW_PRIVATE_URLS": "false",
        "INTERVIEW_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}",
    }
    return LocalSystem(state, Ports.free(), settings, start_timeout_s=math.inf)


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Where the system's processes send their traces."""
    with collecting() as started:
        yield started


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[LocalSystem]:
    """The whole system with the embedded models, started once; tests restart what they kill."""
    with local_system(tmp_path_factory.mktemp("system"), collector) as started:
        yield started


@pytest.fixture(scope="session")
def client(system: LocalSystem) -> Iterator[InterviewClient]:
    with InterviewClient(system.url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
