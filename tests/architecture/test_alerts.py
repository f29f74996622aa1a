"""Prometheus' own tool says that the alerts are right, and each of them is seen to fire and to be silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.check_k8s.alerts import ALERTS, TESTS, promtool

RULES = ALERTS.read_text()
NAMES = {rule["alert"] for group in yaml.safe_load(RULES)["spec"]["groups"] for rule in group["rules"]}


def expectations(file: str) -> list[dict[str, Any]]:
    tests = yaml.safe_load((TESTS / file).read_text())["tests"]
    return [expected for test in tests for expected in test["alert_rule_test"]]


def test_the_tool_is_content(tmp_path: Path) -> None:
    done = promtool(tmp_path, RULES)
    assert done.returncode == 0, done.stdout + done.stderr


BROKEN = [
    ("{{ $labels.process }} is ready.", "{{ $labels.proces }} is ready.", "FAILED"),
    ("interview_overdue_deletions) > 0", "interview_overdue_deletions) > 5", "InterviewDeletionsLate"),
    ("max(interview_overdue_deletions) > 0", "max(interview_overdue_deletions > 0", "parse error"),
    ('backend!~"rules|none"}[6h])) > 0) > 1', 'backend=~"rules|none"}[6h])) > 0) > 1', "InterviewRatersDiffer"),
    ('or absent(interview_ready{process="gateway"})', "", "InterviewProcessDown"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), BROKEN)
def test_the_tool_sees_a_broken_alert(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in RULES
    done = promtool(tmp_path, RULES.replace(right, wrong))
    assert done.returncode != 0
    assert said in done.stdout + done.stderr


def test_every_alert_fires_in_some_test() -> None:
    fired = {e["alertname"] for f in TESTS.glob("*.yaml") for e in expectations(f.name) if e["exp_alerts"]}
    assert fired == NAMES


def test_no_alert_fires_in_a_quiet_night() -> None:
    assert {e["alertname"] for e in expectations("quiet_night.yaml") if not e["exp_alerts"]} == NAMES
