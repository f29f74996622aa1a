"""The real program against an API server that refuses and then allows."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from scripts.check_k8s.manifests import ROOT
from tests.support.waiting import wait_until
from tests.unit.scaledown.cluster import api_server, replicas


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def program(folder: Path, api_url: str, port: int, metrics_port: int) -> Iterator[subprocess.Popen[str]]:
    own = {
        "SCALE_DOWN_API_URL": api_url,
        "SCALE_DOWN_CREDENTIALS": str(folder),
        "SCALE_DOWN_INTERVAL_S": "0.1",
        "SCALE_DOWN_POD_METRICS_PORT": str(port),
        "SCALE_DOWN_METRICS_PORT": str(metrics_port),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'gen'}",
    }
    command = [sys.executable, "-m", "orchestrator.scaledown"]
    with subprocess.Popen(
        command, env=os.environ | own, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as made:
        try:
            yield made
        finally:
            made.kill()


def ready(port: int) -> int:
    """What the probe sees; 0 while nobody answers."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code
    except httpx.HTTPError:
        return 0


def test_it_waits_for_its_rights_then_writes_costs_and_ends_when_told(tmp_path: Path) -> None:
    metrics_port = free_port()
    with api_server(tmp_path) as api, replicas({"127.0.0.2": 3}) as port:
        api.add("judge-a", "judge", "127.0.0.2")
        api.verbs.clear()
        with program(tmp_path, api.url, port, metrics_port) as running:
            wait_until(lambda: api.refused > 1)
            assert ready(metrics_port) == 503
            assert running.poll() is None, "without rights it stays, and says so"
            api.verbs |= {"list", "patch"}
            wait_until(lambda: ready(metrics_port) == 200)
            assert api.cost("judge-a") == "3"
            running.send_signal(signal.SIGTERM)
            said, _ = running.communicate()
    assert running.returncode == 0
    assert "no right to do this" in said
    assert "list pods" in said
