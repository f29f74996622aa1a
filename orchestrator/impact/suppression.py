"""Which cells of a report are hidden, so that no small one can be read or worked out.

A cell is hidden where it counts 1 to 4 people in anything. That alone would not do, since totals are known: linear
programs then look for the least and the most that a hidden cell could be, given everything that is shown; while that
says too much, another cell is hidden as well, the smallest of its line first, and at last the whole table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

HIDDEN_BELOW = 5
UNKNOWN = ""
"""The category of who has not disclosed theirs."""

Names = tuple[str, ...]
Cell = tuple[str, ...]
Quantities = Mapping[str, Mapping[Names, Mapping[Cell, int]]]
"""How many people there are in each cell of each table, by kind: `people`, `decision.people`, `decision.wanted`, …"""


@dataclass(slots=True)
class Shown:
    """What a report shows: all but the hidden cells, and nothing of tables that are withheld."""

    hidden: set[tuple[Names, Cell]] = field(default_factory=set)
    withheld: set[Names] = field(default_factory=set)

    def cell(self, names: Names, cell: Cell) -> bool:
        """Whether it is shown."""
        return names not in self.withheld and (names, cell) not in self.hidden


def protected(asked: Mapping[str, Sequence[str]], quantities: Quantities) -> Shown:
    """What can be shown of the quantities without telling of a small group. Single tables go before pairs."""
    cells = {names: list(product(*(asked[name] for name in names))) for names in quantities["people"]}
    small = [(names, cell) for names, each in cells.items() for cell in each if _is_small(quantities, names, cell)]
    shown = Shown(set(small))
    single = [(names, cell) for names, cell in small if len(names) == 1]
    alone: Quantities = {
        kind: {n: each for n, each in tables.items() if len(n) == 1} for kind, tables in quantities.items()
    }
    for known, at_stake in ((alone, single), (quantities, small)):
        while (told := _told(asked, known, shown, at_stake)) is not None:
            if not _hide_another(quantities["people"], shown, cells, *told):
                break
    return shown


def _is_small(quantities: Quantities, names: Names, cell: Cell) -> bool:
    kinds = (each for kind, each in quantities.items() if not kind.endswith(".wanted"))
    return any(0 < each[names].get(cell, 0) < HIDDEN_BELOW for each in kinds)


def _hide_another(
    people: Mapping[Names, Mapping[Cell, int]],
    shown: Shown,
    cells: Mapping[Names, Sequence[Cell]],
    names: Names,
    cell: Cell,
) -> bool:
    """Hide one cell more for the sake of this one; False when there is nothing left to hide."""
    left = [c for c in cells[names] if shown.cell(names, c) and people[names].get(c, 0)]
    if left:
        near = [c for c in left if any(a == b for a, b in zip(c, cell, strict=True))]
        shown.hidden.add((names, min(near or left, key=lambda c: (people[names].get(c, 0), c))))
        return True
    related = [names, *(other for other in reversed(list(cells)) if set(names) & set(other))]  # pairs first
    for table in related:
        if table not in shown.withheld:
            shown.withheld.add(table)
            return True
    return False


def _told(
    asked: Mapping[str, Sequence[str]], quantities: Quantities, shown: Shown, small: Sequence[tuple[Names, Cell]]
) -> tuple[Names, Cell] | None:
    """A small cell of which what is shown tells too much."""
    for kind, tables in quantities.items():
        program = _Program(asked, tables, shown, 1 if kind == "people" else 0)
        for names, cell in small:
            if kind.endswith(".wanted") and _all_or_none(quantities, shown, kind, names, cell):
                continue
            if _tells(kind, tables[names].get(cell, 0), *program.between(names, cell), program.whole):
                return names, cell
    return None


def _all_or_none(quantities: Quantities, shown: Shown, kind: str, names: Names, cell: Cell) -> bool:
    """Whether a large group that is shown has nobody, or everybody: then its parts have too, and that may be said."""
    people = quantities[kind.replace(".wanted", ".people")]
    for name, category in zip(names, cell, strict=True):
        wanted, whole = (tables[(name,)].get((category,), 0) for tables in (quantities[kind], people))
        if len(names) > 1 and shown.cell((name,), (category,)) and wanted in (0, whole):
            return True
    return False


def _tells(kind: str, value: int, least: float, most: float, whole: int) -> bool:
    if kind == "people":
        return 0 < value < HIDDEN_BELOW and most < HIDDEN_BELOW
    if kind.endswith(".wanted"):
        return whole > 0 and most - least < 1
    return 0 < value < HIDDEN_BELOW and most - least < 1


class _Program:
    """What whoever reads a report knows of one kind of quantity: cells that are shown, and that lines add up."""

    def __init__(
        self, asked: Mapping[str, Sequence[str]], tables: Mapping[Names, Mapping[Cell, int]], shown: Shown, least: int
    ) -> None:
        """`least`: of a hidden cell, since nobody hides a nought."""
        # Imported here, as the solver below: they take long, and only reports need them.
        from scipy.sparse import csr_matrix

        self._asked, self._tables, self._shown, self._least = asked, tables, shown, least
        self.whole = sum(next(iter(tables.values())).values())
        self._places = {key: place for place, key in enumerate(self._keys())}
        rows = list(self._sums())
        data, row, column, self._totals = [], [], [], []
        for at, (keys, signs, total) in enumerate(rows):
            self._totals.append(total)
            data += signs
            row += [at] * len(keys)
            column += [self._places[key] for key in keys]
        self._matrix = csr_matrix((data, (row, column)), shape=(len(rows), len(self._places)))
        self._bounds = [self._bound(key) for key in self._places]

    def between(self, names: Names, cell: Cell) -> tuple[float, float]:
        """The least and the most that a cell could be."""
        goal = np.zeros(len(self._places))
        goal[self._places[names, cell]] = 1.0
        return self._best(goal), -self._best(-goal)

    def _best(self, goal: np.ndarray) -> float:
        from scipy.optimize import linprog

        found = linprog(goal, A_eq=self._matrix, b_eq=self._totals, bounds=self._bounds, method="highs")
        # A nought may be hidden with its table: without the least of 1 there is always what is.
        if not found.success:
            relaxed = [(min(low, 0), high) if low != high else (low, high) for low, high in self._bounds]
            found = linprog(goal, A_eq=self._matrix, b_eq=self._totals, bounds=relaxed, method="highs")
        return float(found.fun)

    def _keys(self) -> Iterator[tuple[Names, Cell]]:
        for names in self._tables:
            for cell in product(*((*self._asked[name], UNKNOWN) for name in names)):
                yield names, cell

    def _bound(self, key: tuple[Names, Cell]) -> tuple[float, float | None]:
        names, cell = key
        if UNKNOWN in cell:
            known = len(names) == 1 and names not in self._shown.withheld
        else:
            known = self._shown.cell(names, cell)
        value = self._tables[names].get(cell, 0)
        if known:
            return value, value
        hidden = UNKNOWN not in cell and names not in self._shown.withheld
        return (self._least if hidden else 0), None

    def _sums(self) -> Iterator[tuple[list[tuple[Names, Cell]], list[float], int]]:
        """Lines that add up: variables, their signs, what they come to."""
        for names in self._tables:
            if len(names) == 1:
                keys: list[tuple[Names, Cell]] = [
                    (names, (category,)) for category in (*self._asked[names[0]], UNKNOWN)
                ]
                yield keys, [1.0] * len(keys), self.whole
                continue
            yield from self._lines(names)
            if names not in self._shown.withheld:
                unknown = [key for key in self._places if key[0] == names and UNKNOWN in key[1]]
                yield unknown, [1.0] * len(unknown), sum(self._tables[names].get(cell, 0) for _, cell in unknown)

    def _lines(self, names: Names) -> Iterator[tuple[list[tuple[Names, Cell]], list[float], int]]:
        """Rows and columns of a pair add up to the single table's cells."""
        for at, name in enumerate(names):
            other = names[1 - at]
            for category in (*self._asked[name], UNKNOWN):
                line = [(names, (category, o) if at == 0 else (o, category)) for o in (*self._asked[other], UNKNOWN)]
                yield [*line, ((name,), (category,))], [1.0] * len(line) + [-1.0], 0
