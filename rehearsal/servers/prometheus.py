"""A Prometheus of one's own, on loopback: scrapes the processes of a rehearsal and evaluates the alerts."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
import yaml

from local.ports import free_ports
from rehearsal.servers.process import ServerProcess, StartError

SCRAPE_S = 2
STEP_S = 5
TARGETS, RULES = "targets.json", "rules.yaml"


class QueryError(Exception):
    """Prometheus refused an expression; the message is its own."""


class Prometheus:
    """One server. `folder` is empty; `rules` is the spec of a PrometheusRule."""

    def __init__(self, folder: Path, rules: Mapping[str, Any]) -> None:
        """Start nothing yet."""
        folder.mkdir()
        self._folder, self._started = folder, time.time()
        self.url = f"http://127.0.0.1:{free_ports(1)[0]}"
        (folder / RULES).write_text(yaml.safe_dump(dict(rules)))
        (folder / "prometheus.yml").write_text(yaml.safe_dump(CONFIGURATION))
        self.scrape(())
        command = [_program(), "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--log.level=warn"]
        listen = f"--web.listen-address={self.url.removeprefix('http://')}"
        self.process = ServerProcess([*command, listen], folder, self._ready)

    def scrape(self, targets: Iterable[tuple[str, str, str]]) -> None:
        """From now on these: process, pod, address with port of its metrics."""
        wanted = [{"targets": [at], "labels": {"process": name, "pod": pod}} for name, pod, at in targets]
        # Renamed into place: Prometheus reads it whenever it changes.
        (self._folder / "next").write_text(json.dumps(wanted))
        (self._folder / "next").rename(self._folder / TARGETS)

    def series(self, expression: str) -> int:
        """How many series the expression had at any time since the start. Raises QueryError."""
        asked = {"query": expression, "start": self._started, "end": time.time(), "step": STEP_S}
        found = self._get("query_range", asked)
        return sum(any(value != "NaN" for _, value in series["values"]) for series in found["result"])

    def rules(self) -> list[dict[str, Any]]:
        """Every rule with its `name`, `health`, `lastError` and `state`. Raises QueryError."""
        return [rule for group in self._get("rules", {})["groups"] for rule in group["rules"]]

    def _get(self, what: str, asked: Mapping[str, Any]) -> Any:
        reply = httpx.get(f"{self.url}/api/v1/{what}", params=dict(asked), timeout=30, trust_env=False)
        body = reply.json()
        if body["status"] != "success":
            raise QueryError(str(body["error"]))
        return body["data"]

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/-/ready", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


CONFIGURATION: dict[str, Any] = {
    "global": {"scrape_interval": f"{SCRAPE_S}s", "scrape_timeout": f"{SCRAPE_S}s", "evaluation_interval": "5s"},
    "rule_files": [RULES],
    "scrape_configs": [{"job_name": "interview", "file_sd_configs": [{"files": [TARGETS], "refresh_interval": "1s"}]}],
}


def _program() -> str:
    if found := shutil.which("prometheus"):
        return found
    raise StartError("Prometheus is not installed: run scripts/prometheus.sh")
