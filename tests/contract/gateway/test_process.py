"""`python -m gateway` as the program that it is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.waiting import PAUSE_S

ROOT = Path(__file__).resolve().parents[3]


def environment(tmp_path: Path, **settings: str) -> dict[str, str]:
    names = {f"GATEWAY_{name.upper()}": value for name, value in settings.items()}
    path = os.pathsep.join([str(ROOT), str(ROOT / "gen"), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "INTERVIEW_OBJECT_STORE": str(tmp_path / "objects"), **names}


@contextmanager
def gateway_process(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    settings = environment(tmp_path, port=str(port), orchestrator_target="127.0.0.1:1")
    command = [sys.executable, "-m", "gateway"]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, cwd=tmp_path, env=settings, stderr=log) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def answer(url: str) -> httpx.Response:
    while True:
        try:
            return httpx.get(url, timeout=None)
        except httpx.ConnectError:
            time.sleep(PAUSE_S)


def test_it_serves_says_what_is_missing_and_ends_cleanly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with gateway_process(tmp_path, port) as process:
        assert answer(f"http://127.0.0.1:{port}/healthz").json() == {"status": "ok"}
        ready = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=None)
        assert (ready.status_code, ready.json()["missing"]) == (503, ["orchestrator"])
        status = httpx.get(f"http://127.0.0.1:{port}/status/{'0' * 32}", timeout=None)
        assert (status.status_code, status.json()["error"]) == (503, "The orchestrator does not answer.")
        assert status.headers["retry-after"] == "5"
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_it_refuses_to_listen_beyond_loopback(tmp_path: Path) -> None:
    settings = environment(tmp_path, host="0.0.0.0", port="0")
    command = [sys.executable, "-m", "gateway"]
    ended = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "GATEWAY_SIGN_IN=true" in ended.stderr
    assert "Traceback" not in ended.stderr
