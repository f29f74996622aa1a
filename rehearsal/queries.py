"""Every expression of the dashboard and of the alerts, asked of a Prometheus that scraped a rehearsal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.system import ROOT
from rehearsal.servers.cluster import Cluster, repeating
from rehearsal.servers.prometheus import Prometheus, QueryError

PARTS = ROOT / "k8s" / "components" / "observability"
RATE_INTERVAL = "1m"
"""What Grafana puts for `$__rate_interval`, at the least."""

SCRAPED_S = 1.0
METRICS = re.compile(r"\b(?:interview|process)_[a-z_]+\b(?=[{\[)\s]|$)")
WITHOUT = {
    "interview_certificate_expiry_timestamp_seconds": "the rehearsal's processes talk without TLS",
    "interview_judge_backend_failures_total": "the rehearsal's judge asks no backend",
}
"""Metrics that nothing in a rehearsal tells, with the reason."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of an expression: how many series, or why Prometheus refused it, or why there are none here."""

    where: str
    series: int
    error: str = ""
    reason: str = ""

    @property
    def right(self) -> bool:
        """Whether it has data, or it is known why it has none."""
        return not self.error and bool(self.series or self.reason)


@contextmanager
def scraped(system: Cluster, folder: Path) -> Iterator[Prometheus]:
    """A Prometheus that scrapes whatever runs, as the PodMonitor has it. Raises StartError."""
    made = Prometheus(folder, yaml.safe_load((PARTS / "alerts.yaml").read_text())["spec"])
    try:
        made.process.start()
        with repeating(lambda: made.scrape(_targets(system)), SCRAPED_S):
            yield made
    finally:
        made.process.stop()


def ask_all(prometheus: Prometheus) -> list[Asked]:
    """Every panel's expressions, every alert, and every metric that an alert looks at."""
    asked = [_ask(prometheus, where, expression) for where, expression in panels()]
    rules = {rule["name"]: rule for rule in prometheus.rules()}
    for name, expression in alerts():
        error = "" if rules[name]["health"] == "ok" else rules[name].get("lastError") or "not evaluated"
        asked.append(Asked(f"alert {name}", int(not error), error))
        for metric in dict.fromkeys(METRICS.findall(expression)):
            asked.append(_ask(prometheus, f"alert {name}: {metric}", metric))
    return asked


def panels() -> list[tuple[str, str]]:
    """The dashboard's expressions, each with its panel's title."""
    dashboard: dict[str, Any] = json.loads((PARTS / "dashboard.json").read_text())
    targets = ((panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel.get("targets", ()))
    return [(title, expression.replace("$__rate_interval", RATE_INTERVAL)) for title, expression in targets]


def alerts() -> list[tuple[str, str]]:
    """The alerts' expressions by name."""
    groups = yaml.safe_load((PARTS / "alerts.yaml").read_text())["spec"]["groups"]
    return [(rule["alert"], rule["expr"]) for group in groups for rule in group["rules"]]


def queries_text(asked: Sequence[Asked]) -> str:
    """What was found, and what was not."""
    lines = [f"{sum(bool(a.series) for a in asked)} of {len(asked)} expressions and metrics have data in Prometheus."]
    for one in asked:
        if not one.right:
            lines.append(f"  FAILED: {one.where}: {one.error or 'no data, and nobody says why'}")
        elif not one.series:
            lines.append(f"  without data: {one.where}: {one.reason}")
    return "\n".join(lines)


def _ask(prometheus: Prometheus, where: str, expression: str) -> Asked:
    try:
        found = prometheus.series(expression)
    except QueryError as error:
        return Asked(where, 0, str(error))
    reason = next((why for metric, why in WITHOUT.items() if metric in expression), "")
    return Asked(where, found, reason="" if found else reason)


def _targets(system: Cluster) -> Iterator[tuple[str, str, str]]:
    for name, deployment in system.deployments.items():
        for replica in [*deployment.replicas]:
            yield name, replica.program.name, f"{replica.address}:{system.metrics_ports[name]}"
