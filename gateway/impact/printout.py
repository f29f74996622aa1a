"""A report by group as a PDF, in the form that is published."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.impact.schemas import Report
from gateway.impact.wire import titles
from gateway.report.printout import printed

FOLDER = Path(__file__).parent
MEASURES = ("decision", "proposal", "score")


def pdf(report: Report, language: str) -> bytes:
    """Takes a while: not for the event loop."""
    return printed(html(report, language), f"{_texts()[language]['footer']}  ·  {report.job_id}")


def html(report: Report, language: str) -> str:
    """The report as a page; every value is escaped."""
    values: dict[str, Any] = {"report": report, "language": language, "t": _texts()[language]}
    values |= {"names": titles(report, language), "measures": MEASURES, "percent": _percent, "figure": _figure}
    return _templates().get_template("impact.html.j2").render(values)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return "< 0.001" if 0 <= value < 0.001 else f"{value:.3f}"


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "texts.yaml").read_text("utf-8"))
    return found


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = FileSystemLoader(FOLDER)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
