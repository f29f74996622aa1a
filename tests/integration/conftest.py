from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from interview_client import InterviewClient
from local.ports import Ports
from local.system import LocalSystem


def local_system(state: Path) -> LocalSystem:
    """A system of its own: free ports, its state in a temporary folder, metrics of the transcriber on."""
    metrics = str(Ports.free().gateway)
    return LocalSystem(state, Ports.free(), {"TRANSCRIBER_METRICS_PORT": metrics, "WORKER_ALLOW_PRIVATE_URLS": "false"})


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The whole system with the embedded models, started once; tests restart what they kill."""
    with local_system(tmp_path_factory.mktemp("system")) as started:
        yield started


@pytest.fixture(scope="session")
def client(system: LocalSystem) -> Iterator[InterviewClient]:
    with InterviewClient(system.url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
