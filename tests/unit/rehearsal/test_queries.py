"""Expressions that fail, have no data, or have none for a reason, in a real Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Gauge, start_http_server

from rehearsal import queries
from rehearsal.queries import Asked, queries_text
from rehearsal.servers.prometheus import Prometheus
from tests.support.waiting import until

RULES = {"groups": [{"name": "g", "rules": [{"alert": "Many", "expr": "max(interview_things) > 1"}]}]}


@contextmanager
def scraping(folder: Path, rules: dict[str, Any]) -> Iterator[Prometheus]:
    registry = CollectorRegistry()
    Gauge("interview_things", "Things.", registry=registry).set(2)
    server, thread = start_http_server(0, "127.0.0.1", registry)
    made = Prometheus(folder, rules)
    try:
        made.process.start()
        made.scrape([("worker", "worker-1", f"127.0.0.1:{server.server_port}")])
        yield made
    finally:
        made.process.stop()
        server.shutdown()
        server.server_close()
        thread.join()


async def test_what_each_expression_comes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [("one", "interview_things"), ("none", "interview_nothing"), ("tls", "interview_tls"), ("bad", "max by (")]
    monkeypatch.setattr(queries, "panels", lambda: asked)
    monkeypatch.setattr(queries, "alerts", lambda: [("Many", RULES["groups"][0]["rules"][0]["expr"])])  # type: ignore[index]
    monkeypatch.setattr(queries, "WITHOUT", {"interview_tls": "there is no TLS"})
    with scraping(tmp_path / "prometheus", RULES) as prometheus:
        await until(lambda: prometheus.series('interview_things{process="worker", pod="worker-1"}') == 1)
        await until(lambda: prometheus.rules()[0]["health"] == "ok")
        found = {one.where: one for one in queries.ask_all(prometheus)}
    assert found["one"] == Asked("one", 1)
    assert not found["none"].right
    assert found["tls"] == Asked("tls", 0, reason="there is no TLS")
    assert "parse error" in found["bad"].error
    assert found["alert Many"].right
    assert found["alert Many: interview_things"].series == 1
    text = queries_text([*found.values()])
    assert "FAILED: none: no data, and nobody says why" in text
    assert "without data: tls: there is no TLS" in text


def test_every_panel_and_alert_is_asked() -> None:
    assert len(queries.panels()) > 20
    assert not [expression for _, expression in queries.panels() if "$__" in expression]
    metrics = {metric for _, expression in queries.alerts() for metric in queries.METRICS.findall(expression)}
    assert {"interview_service_demand", "interview_sessions_total", "process_start_time_seconds"} <= metrics
    assert not [metric for metric in metrics if metric.endswith("_")]
