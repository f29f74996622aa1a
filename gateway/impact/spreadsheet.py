"""A report by group as lines of a CSV file."""

from __future__ import annotations

import csv
import io

from gateway.impact.schemas import Report
from gateway.impact.wire import titles
from gateway.sessions.spreadsheet import plain

COLUMNS = (
    "characteristic", "group", "measure", "people", "wanted", "rate", "impact_ratio", "below_four_fifths", "fisher_p",
    "hidden",
)  # fmt: skip
MEASURES = ("decision", "proposal", "score")


def written(report: Report, language: str) -> str:
    """One line for each group and measure, then who has not told; hidden figures are empty."""
    names, text = titles(report, language), io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for table in report.tables:
        what = " × ".join(names[name] for name in table.characteristics)
        for group in table.groups:
            called = " × ".join(names[pair] for pair in zip(table.characteristics, group.categories, strict=True))
            for measure in MEASURES:
                rate = getattr(group, measure)
                figures = [
                    rate.people,
                    rate.wanted,
                    rate.rate,
                    rate.impact_ratio,
                    rate.below_four_fifths,
                    rate.fisher_p,
                ]
                rows.writerow([plain(cell) for cell in (what, called, measure, *figures, group.people is None)])
        rows.writerow([plain(what), "", "unknown", table.unknown, *[""] * 5, table.unknown is None])
    return "\ufeff" + text.getvalue()
