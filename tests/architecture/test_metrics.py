"""Every metric is documented, and what is documented exists."""

from __future__ import annotations

import re

import pytest

from tests.support.metrics import ROOT, Metric, grouped_by, metrics, selectors

PAGE = (ROOT / "docs" / "metrics.md").read_text()
METRICS = list(metrics())
ROW = re.compile(r"^\| `(interview_\w+)` \| (\w+) \| (.*?) \| .+ \| .+ \|$", re.MULTILINE)
EXPRESSION = re.compile(r"^\| [^|]+ \| `(.+)` \|$", re.MULTILINE)
OF_ONE_PERSON = {"session", "session_id", "candidate", "name", "user", "owner", "path", "query"}


def documented() -> dict[str, tuple[str, tuple[str, ...]]]:
    return {name: (kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in ROW.findall(PAGE)}


def test_the_page_lists_every_metric_with_its_type_and_labels() -> None:
    assert len(METRICS) > 15
    assert documented() == {m.name: (m.kind, m.labels) for m in METRICS}


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: str(m.name))
def test_a_metric_is_named_by_the_rules(metric: Metric) -> None:
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert metric.kind != "histogram" or metric.name.endswith("_seconds")
    assert metric.help.endswith(".")
    assert not set(metric.labels) & OF_ONE_PERSON


def test_the_sums_on_the_page_use_metrics_that_exist() -> None:
    expressions = EXPRESSION.findall(PAGE)
    assert len(expressions) == 4
    series = {name for m in METRICS for name in m.series}
    for expression in expressions:
        assert {s.name for s in selectors(expression)} <= series, expression
        assert grouped_by(expression) <= {"service"}, expression
