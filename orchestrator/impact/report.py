"""A job's report: rates of decisions, proposals and scores by group and by pairs of groups; small groups left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from orchestrator.impact.rates import Compared, Count, above_median, compared, counted
from orchestrator.impact.suppression import HIDDEN_BELOW, UNKNOWN, Quantities, Shown, protected

MEASURES = ("decision", "proposal", "score")
SELECTED = "pass"
Asked = Mapping[str, Sequence[str]]
"""Categories by characteristic."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one candidate: their groups, and how they fared. Nobody's id."""

    groups: Mapping[str, str]
    decision: str = ""
    proposal: str = ""
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of one group; without figures where it is hidden."""

    measure: str
    count: Count | None
    compared: Compared


@dataclass(frozen=True, slots=True)
class Group:
    """A category, or one of each of two characteristics; `people` is None where it is hidden."""

    categories: tuple[str, ...]
    people: int | None
    measures: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Every group of one or two characteristics; `unknown`: who has not disclosed, None where that is hidden too."""

    characteristics: tuple[str, ...]
    groups: tuple[Group, ...]
    unknown: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """`people`: with a result; `disclosed`: who have told any group, None where that would tell of somebody."""

    people: int
    disclosed: int | None
    decided: int
    proposed: int
    scored: int
    selected: int
    tables: tuple[GroupTable, ...]
    hidden_below: int = HIDDEN_BELOW


def report(people: Sequence[Person], asked: Asked) -> Report:
    """Of everybody with a result; categories that are not asked for any more count as not disclosed."""
    outcomes = _outcomes(people)
    groups = [{name: _known(person, name, asked) for name in asked} for person in people]
    quantities = _quantities(groups, outcomes, asked)
    shown = protected(asked, quantities)
    totals = {measure: counted(outcomes[measure]) for measure in MEASURES}
    told = sum(any(value != UNKNOWN for value in each.values()) for each in groups)
    return Report(
        len(people),
        None if 0 < told < HIDDEN_BELOW or shown.withheld else told,
        totals["decision"].people,
        totals["proposal"].people,
        totals["score"].people,
        totals["decision"].wanted,
        tuple(_table(names, asked, quantities, shown) for names in _tables(asked)),
    )


def _outcomes(people: Sequence[Person]) -> dict[str, list[bool | None]]:
    return {
        "decision": [p.decision == SELECTED if p.decision else None for p in people],
        "proposal": [p.proposal == SELECTED if p.proposal else None for p in people],
        "score": above_median([p.total for p in people]),
    }


def _known(person: Person, name: str, asked: Asked) -> str:
    found = person.groups.get(name, UNKNOWN)
    return found if found in asked[name] else UNKNOWN


def _tables(asked: Asked) -> list[tuple[str, ...]]:
    return [(name,) for name in asked] + list(combinations(asked, 2))


def _quantities(
    groups: Sequence[Mapping[str, str]], outcomes: Mapping[str, Sequence[bool | None]], asked: Asked
) -> Quantities:
    """How many there are of each kind in every cell, those included that say nothing."""
    kinds: dict[str, list[bool]] = {"people": [True] * len(groups)}
    for measure, known in outcomes.items():
        kinds[f"{measure}.people"] = [outcome is not None for outcome in known]
        kinds[f"{measure}.wanted"] = [bool(outcome) for outcome in known]
    return {
        kind: {
            names: Counter(tuple(each[n] for n in names) for each, counts in zip(groups, flags, strict=True) if counts)
            for names in _tables(asked)
        }
        for kind, flags in kinds.items()
    }


def _table(names: tuple[str, ...], asked: Asked, quantities: Quantities, shown: Shown) -> GroupTable:
    cells = list(product(*(asked[name] for name in names)))
    seen = [cell if shown.cell(names, cell) else None for cell in cells]
    columns = []
    for measure in MEASURES:
        counts = [
            Count(quantities[f"{measure}.people"][names][cell], quantities[f"{measure}.wanted"][names][cell])
            if cell
            else None
            for cell in seen
        ]
        columns.append([Measured(measure, *pair) for pair in zip(counts, compared(counts), strict=True)])
    people = quantities["people"][names]
    groups = [
        Group(cell, people[cell] if visible else None, tuple(column[place] for column in columns))
        for place, (cell, visible) in enumerate(zip(cells, seen, strict=True))
    ]
    unknown = sum(count for cell, count in people.items() if UNKNOWN in cell)
    return GroupTable(names, tuple(groups), None if names in shown.withheld else unknown)
