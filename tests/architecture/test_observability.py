"""Alerts, dashboard and runbooks of the component `observability` fit the metrics that the processes have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from orchestrator.metrics import FAULTS
from scripts.check_k8s.operators import definitions
from tests.support.metrics import ROOT, grouped_by, metrics, selectors

COMPONENT = ROOT / "k8s" / "components" / "observability"
RUNBOOKS = ROOT / "docs" / "runbooks"
RULES: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load((COMPONENT / "alerts.yaml").read_text())["spec"]["groups"]
    for rule in group["rules"]
}
DASHBOARD = json.loads((COMPONENT / "dashboard.json").read_text())
PANELS: dict[str, dict[str, Any]] = {p["title"]: p for p in DASHBOARD["panels"] if p["type"] != "row"}

OURS = {series: set(metric.labels) for metric in metrics() for series in metric.series}
OTHERS: dict[str, set[str]] = {
    name: set()
    # from Prometheus itself, and from prometheus-client about its process
    for name in ("up", "process_start_time_seconds", "process_resident_memory_bytes", "process_cpu_seconds_total")
}
OF_THE_POD = {"process", "pod", "namespace"}
"""Labels that scraping adds; see pod-monitor.yaml."""
MADE_HERE = {"service"}
"""By `label_replace`, out of the method."""


def expressions(panel: dict[str, Any]) -> Iterator[str]:
    for target in panel["targets"]:
        yield target["expr"].replace("$__rate_interval", "5m")


def check(expression: str) -> None:
    """Every metric and label that the expression uses exists."""
    known, labels = OURS | OTHERS, set(OF_THE_POD)
    for selector in selectors(expression):
        assert selector.name in known, selector.name
        assert selector.labels <= known[selector.name] | OF_THE_POD, selector
        labels |= known[selector.name] | ({"le"} if selector.name.endswith("_bucket") else set())
    assert grouped_by(expression) <= labels | (MADE_HERE if "label_replace" in expression else set()), expression


@pytest.mark.parametrize("name", RULES)
def test_an_alert_uses_metrics_and_labels_that_exist(name: str) -> None:
    check(RULES[name]["expr"])


@pytest.mark.parametrize("name", RULES)
def test_an_alert_says_how_bad_it_is_and_leads_to_its_runbook(name: str) -> None:
    rule = RULES[name]
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["runbook_url"].endswith(f"/runbooks/{name}.md")
    used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    assert used <= grouped_by(rule["expr"]) or used == {"pod"}


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_runbook_says_what_it_means_who_notices_what_to_check_and_how_to_mend(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text()
    assert text.startswith(f"# {name}\n")
    assert re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE) == ["Meaning", "People see", "Check", "Mend"]
    for expression in re.findall(r"`([^`]*\(interview_[^`]*)`", text):
        check(expression)


def test_reasons_in_alerts_are_those_of_the_errors_page() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE))
    (listed,) = re.findall(r'reason=~"([A-Z_|]+)"', RULES["InterviewStagesFail"]["expr"])
    assert set(listed.split("|")) <= documented
    assert set(listed.split("|")) == set(FAULTS), "these begin at nought, so that a first failure is seen"


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_uses_metrics_and_labels_that_exist(title: str) -> None:
    for expression in expressions(PANELS[title]):
        check(expression)


def test_the_dashboard_can_be_imported_by_hand() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    assert [v["name"] for v in DASHBOARD["templating"]["list"] if v["type"] == "datasource"] == ["datasource"]
    assert {panel["datasource"]["uid"] for panel in PANELS.values()} == {"${datasource}"}


def test_every_metric_is_on_the_dashboard_or_in_an_alert() -> None:
    asked = [*(e for p in PANELS.values() for e in expressions(p)), *(rule["expr"] for rule in RULES.values())]
    used = {selector.name for expression in asked for selector in selectors(expression)}
    unused = {m.name for m in metrics() if not m.series & used}
    assert unused == {
        "interview_call_seconds"
    }  # a service's own; `interview_stage_seconds` holds the way there as well


@pytest.mark.parametrize("name", ["pod-monitor", "alerts"])
def test_the_operators_objects_have_its_shape(name: str) -> None:
    written = yaml.safe_load((COMPONENT / f"{name}.yaml").read_text())
    assert list(definitions.problems(written, f"{written['apiVersion']} {written['kind']}")) == []
