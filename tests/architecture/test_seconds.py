"""The pages that speak of seconds and replicas have them from one table."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bench import seconds
from rehearsal.capacity import MEASURED, TYPICAL, Load, capacity_text, measured, replicas
from scripts.check_k8s import capacity
from scripts.check_k8s.manifests import ROOT, render

PAGE = (ROOT / "docs" / "scaling.md").read_text()
DEPLOYING = (ROOT / "k8s" / "README.md").read_text()
SCALING = (ROOT / "k8s" / "components" / "autoscaling" / "README.md").read_text()
ROWS = seconds.read()


def minute(part: str) -> float:
    return float(ROWS[part]["media_minute_s"])


def test_every_figure_says_where_it_comes_from() -> None:
    for part, row in ROWS.items():
        assert row["from"], part
        assert row["of"], part
        assert row.keys() <= {*seconds.NUMBERS, "from", "of"}, part


def test_the_page_has_the_figures_of_the_table() -> None:
    (line,) = re.findall(r"^\| s \| (.*) \|$", PAGE, re.MULTILINE)
    parts = ("transcriber", "vision", "audio", "judge", "translation", "worker")
    assert [float(cell) for cell in line.split(" | ")] == [minute(part) for part in parts]


def test_the_page_has_the_replicas_that_follow() -> None:
    loads = [Load(n) for n in (1_000, 10_000, 1_000_000)]
    assert capacity_text(loads, MEASURED) in PAGE


def test_the_page_has_what_each_overlay_carries() -> None:
    assert capacity.text() in PAGE


def test_the_page_has_the_gpus_of_a_million_a_day() -> None:
    speech, engine, vision = measured("transcriber on a GPU", "engine on a GPU", "vision")
    most = Load(1_000_000)
    found = tuple(f"{replicas(most, cost):,}" for cost in (speech, engine, vision))
    assert re.findall(r"wants ([\d,]+) GPUs, an engine ([\d,]+) and vision ([\d,]+) cores", PAGE) == [found]


@pytest.mark.parametrize(
    ("page", "pattern", "expected"),
    [
        (DEPLOYING, r"an hour of sound ([\d.]+) min of CPU", minute("transcriber")),
        (DEPLOYING, r"two hours of video (\d+) min on one core", round(2 * minute("vision"))),
        (DEPLOYING, r"an hour of sound (\d+) s of CPU", 60 * minute("audio")),
        (DEPLOYING, r"rating two minutes by the embedded model (\d+) s", round(2 * minute("judge"))),
        (DEPLOYING, r"translating them (\d+) s", round(2 * minute("translation"))),
        (SCALING, r"two minutes of sound at ([\d.]+) s a minute", minute("transcriber")),
        (SCALING, r"rating two minutes takes (\d+) s", round(2 * minute("judge"))),
        (SCALING, r"translating them (\d+) s", round(2 * minute("translation"))),
        (SCALING, r"of them (\d+) s for two minutes by", round(2 * minute("transcriber on a GPU"))),
    ],
)
def test_a_page_for_operators_has_the_figures_of_the_table(page: str, pattern: str, expected: float) -> None:
    assert [float(found) for found in re.findall(pattern, page)] == [pytest.approx(expected)]


def test_production_carries_the_ten_thousand_a_day_that_the_page_speaks_of() -> None:
    assert min(capacity.carries(render("production")).values()) >= 10_000
    assert TYPICAL.interviews_a_day == 1_000


def test_a_bench_replaces_its_figures_and_no_others(tmp_path: Path) -> None:
    table = tmp_path / "seconds.json"
    table.write_text(seconds.TABLE.read_text())
    seconds.record("vision", table, media_minute_s=7.123, memory_mb=400.4)
    found: dict[str, Any] = json.loads(table.read_text())
    assert found["vision"] == ROWS["vision"] | {"media_minute_s": 7.1, "memory_mb": 400}
    assert found | {"vision": ROWS["vision"]} == ROWS
    with pytest.raises(KeyError):
        seconds.record("jury", table, media_minute_s=1.0)
