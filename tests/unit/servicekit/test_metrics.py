"""The port of the metrics, which is also where a kubelet asks a process that serves nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from local.ports import free_ports
from servicekit.telemetry import metrics


@pytest.fixture(scope="module")
def url() -> str:
    [port] = free_ports(1)
    metrics.serve_metrics("127.0.0.1", port)
    return f"http://127.0.0.1:{port}"


@pytest.fixture(autouse=True)
def _not_ready() -> Iterator[None]:
    metrics.READY.set(0)
    yield
    metrics.READY.set(0)


def get(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False)


def test_a_process_that_takes_no_work_is_alive_and_not_ready(url: str) -> None:
    assert get(f"{url}/healthz").status_code == 200
    assert get(f"{url}/readyz").status_code == 503
    metrics.READY.set(1)
    assert get(f"{url}/readyz").status_code == 200


def test_metrics_are_where_they_were(url: str) -> None:
    assert "interview_ready 0.0" in get(f"{url}/metrics").text
