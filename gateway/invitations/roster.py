"""A list of candidates as spreadsheets write it: CSV with commas, semicolons or tabs, with a line of headings."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from interview.jobs.v1 import jobs_service_pb2 as pb

from gateway.invitations.schemas import Candidate, ListProblem, ProblemReason

MOST_LINES = 1000
_COLUMNS = {
    "candidate_name": ("name", "candidate_name", "candidate", "full name", "nama", "nama kandidat", "nama lengkap"),
    "email": ("email", "e-mail", "mail", "surel", "alamat surel", "alamat email"),
    "language": ("language", "bahasa"),
}
_MESSAGES: dict[ProblemReason, str] = {
    "COLUMNS_MISSING": "The first line must name the columns: name, and if wanted email and language.",
    "TOO_MANY_LINES": f"At most {MOST_LINES} candidates at once.",
    "TEXT_UNREADABLE": "Some characters cannot be read. Save the file as CSV in UTF-8.",
    "NAME_MISSING": "The name is missing.",
    "NAME_TOO_LONG": "The name has more than 200 characters.",
    "EMAIL_INVALID": "This is no e-mail address.",
    "EMAIL_TWICE": "This e-mail address stands in the list before.",
    "EMAIL_INVITED": "This e-mail address was invited to this job before.",
    "LANGUAGE_UNKNOWN": "The language must be en or id.",
}


@dataclass(slots=True)
class Roster:
    """Candidates with the lines that they stand on, and what is wrong with the list itself."""

    candidates: list[Candidate] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)

    def located(self, problems: Iterable[pb.InvitationProblem]) -> list[ListProblem]:
        """Everything that is wrong, by line."""
        found = [problem(self.lines[p.index], p.reason) for p in problems]  # type: ignore[arg-type]
        return sorted((*self.problems, *found), key=lambda p: p.line)


def read(text: str) -> Roster:
    """The candidates of a list; lines without anything are passed over."""
    roster, rows = Roster(), _rows(text)
    heading = next(rows, (1, []))
    columns = _columns(heading[1])
    if "candidate_name" not in columns:
        roster.problems.append(problem(heading[0], "COLUMNS_MISSING"))
        return roster
    for line, cells in rows:
        if len(roster.candidates) == MOST_LINES:
            roster.problems.append(problem(line, "TOO_MANY_LINES"))
            return roster
        if any("\ufffd" in cell or "\0" in cell for cell in cells):
            roster.problems.append(problem(line, "TEXT_UNREADABLE"))
            continue
        values = {name: cells[place][:1000] for name, place in columns.items() if place < len(cells)}
        values["language"] = values.get("language", "").lower()[:100]
        roster.candidates.append(Candidate(**{"candidate_name": "", **values}))
        roster.lines.append(line)
    return roster


def problem(line: int, reason: ProblemReason) -> ListProblem:
    """What is wrong with a line."""
    return ListProblem(line=line, reason=reason, message=_MESSAGES[reason])


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines by their number from 1, as far as anything stands on them."""
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = max(",;\t", key=first.count)
    # Each line for itself: an open quotation mark in one must not swallow those behind it.
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
        if any(cells):
            yield number, cells


def _columns(heading: Sequence[str]) -> dict[str, int]:
    known = {name: column for column, names in _COLUMNS.items() for name in names}
    return {known[cell.lower()]: place for place, cell in reversed(list(enumerate(heading))) if cell.lower() in known}
