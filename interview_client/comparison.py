"""Several results side by side, question by question, to read in a terminal. Pure: result JSON in, Rich table out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from interview_client.reading import at, final, items, real, shortened, text, within

GAZE = ("looking_away", "reading")
"""Findings that count in no verdict, and are not counted here."""
QUOTE_CHARS = 160
NOT_ASKED = "was not asked this"


def comparison(results: Sequence[Mapping[str, Any]]) -> Table:
    """A column for each result, a line for each question; scores are of 100. The same words are the same question."""
    table = Table("Scores of 100", *(text(at(result, "name")) or "?" for result in results), show_lines=True)
    table.add_row("Proposal", *(text(at(result, "decision_proposal", "outcome")) or "none" for result in results))
    table.add_row("Total", *(_total(at(result, "decision_proposal"), final) for result in results))
    answers = [_by_question(result) for result in results]
    for question in dict.fromkeys(question for each in answers for question in each):
        cells = [_cell(each[question]) if question in each else Text(NOT_ASKED, "dim") for each in answers]
        table.add_row(Text(question, "bold"), *cells)
    return table


def _by_question(result: Mapping[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for answer in items(result, "content"):
        found.setdefault(text(at(answer, "question")), at(answer, "result"))
    return found


def _total(scored: object, how: Callable[[object, object, object], str] = within) -> str:
    if real(at(scored, "total")) is None:
        return "none"
    return how(at(scored, "total"), at(scored, "total_low"), at(scored, "total_high"))


def _cell(found: object) -> Text:
    if at(found, "error") is not None:
        return Text("could not be assessed", "red")
    lines = [f"total {_rated(at(found, 'penilaian'))}"]
    lines += [f"“{quote}”" for quote in dict.fromkeys(_quotes(found))]
    lines.append(_findings(found))
    return Text("\n".join(lines))


def _rated(rated: object) -> str:
    return "please rate by hand" if real(at(rated, "total")) is None else _total(rated)


def _quotes(found: object) -> list[str]:
    quotes = (text(at(rating, "quote")) for rating in items(found, "evidence", "ratings"))
    return [shortened(quote, QUOTE_CHARS) for quote in quotes if quote]


def _findings(found: object) -> str:
    all_of_it = items(found, "evidence", "findings")
    counted = Counter(text(at(each, "severity")) for each in all_of_it if text(at(each, "type")) not in GAZE)
    named = (("serious", "serious"), ("review", "to review"), ("info", "for information"))
    return "findings: " + (", ".join(f"{counted[key]} {name}" for key, name in named if counted[key]) or "none")
