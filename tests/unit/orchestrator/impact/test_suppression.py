"""Small groups are hidden, and an attacker who tries every possibility finds none of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from orchestrator.impact.report import GroupTable, Person, Report, report

SEXES, AGES = ("female", "male"), ("young", "old")
Cell = tuple[str, str]
CELLS: list[Cell] = list(product(SEXES, AGES))


def people(**groups: int) -> list[Person]:
    return [Person({"sex": sex} if sex != "unknown" else {}, "fail") for sex, n in groups.items() for _ in range(n)]


def shown(table: GroupTable) -> dict[str, int | None]:
    return {" ".join(group.categories): group.people for group in table.groups}


def test_a_small_group_takes_another_one_with_it() -> None:
    asked = {"sex": ("female", "male", "another")}
    found = report(people(female=12, male=9, another=2, unknown=3), asked).tables[0]
    # Without the second, 26 - 3 - 12 - 9 would give the two away.
    assert shown(found) == {"female": 12, "male": None, "another": None}
    assert found.unknown == 3
    assert all(measured.count is None for measured in found.groups[2].measures)


def test_large_groups_and_empty_ones_are_shown() -> None:
    asked = {"sex": ("female", "male", "another")}
    found = report(people(female=5, male=6), asked)
    assert shown(found.tables[0]) == {"female": 5, "male": 6, "another": 0}
    assert (found.people, found.disclosed) == (11, 11)


def test_two_of_one_each_are_not_told_by_their_sum() -> None:
    asked = {"sex": ("female", "male", "another", "fourth")}
    found = report(people(female=30, male=20, another=1, fourth=1), asked).tables[0]
    assert shown(found) == {"female": 30, "male": None, "another": None, "fourth": None}


def test_a_table_of_few_is_withheld_as_a_whole() -> None:
    found = report(people(female=3, unknown=20), {"sex": SEXES})
    assert shown(found.tables[0]) == {"female": None, "male": None}
    assert (found.tables[0].unknown, found.disclosed) == (None, None)


def test_small_in_one_measure_is_hidden_in_all() -> None:
    some = [Person({"sex": "female"}, "pass" if n < 3 else "", "pass", 50.0) for n in range(8)]
    rest = [Person({"sex": "male"}, "pass", "fail", 60.0) for _ in range(9)]
    found = report([*some, *rest], {"sex": SEXES}).tables[0]
    assert shown(found) == {"female": None, "male": None}


@pytest.mark.parametrize("seed", range(25))
def test_an_attacker_who_tries_everything_in_one_table(seed: int) -> None:
    chance = random.Random(seed)
    asked = {"sex": ("a", "b", "c", "d")}
    counts = [chance.choice((0, 1, 2, 3, 4, 5, 6, 8)) for _ in range(4)]
    unknown = chance.randrange(4)
    given = people(**dict(zip(asked["sex"], counts, strict=True)), unknown=unknown)
    table = report(given, asked).tables[0]
    hidden = [place for place, group in enumerate(table.groups) if group.people is None]
    if table.unknown is None:
        return  # nothing at all is said
    known = sum(group.people or 0 for group in table.groups) + table.unknown
    possible = list(sums(len(given) - known, len(hidden)))
    for at, place in enumerate(hidden):
        if counts[place] < 5:
            assert max(values[at] for values in possible) >= 5


@pytest.mark.parametrize("seed", range(6))
def test_an_attacker_who_tries_everything_in_pairs(seed: int) -> None:
    chance = random.Random(seed)
    given = [Person(groups(chance), "fail", "fail", 1.0) for _ in range(chance.choice((12, 16)))]
    found = report(given, {"sex": SEXES, "age": AGES})
    sex, age, pair = found.tables
    if pair.unknown is None or sex.unknown is None or age.unknown is None:
        return
    true = {cell: sum((p.groups.get("sex"), p.groups.get("age")) == cell for p in given) for cell in CELLS}
    for cell, values in attacked(found).items():
        if 0 < true[cell] < 5:
            assert max(values) >= 5, (cell, true)


def groups(chance: random.Random) -> dict[str, str]:
    both = {"sex": chance.choice(("female", "male", "male")), "age": chance.choice(("young", "young", "old"))}
    return {name: value for name, value in both.items() if chance.random() > 0.1}


def attacked(found: Report) -> dict[Cell, set[int]]:
    """Every value that each cell of the pair could have, by trying all tables that fit what is shown."""
    pair = shown(found.tables[2])
    free = [cell for cell in CELLS if pair[" ".join(cell)] is None]
    known = {cell: count for cell in CELLS if (count := pair[" ".join(cell)]) is not None}
    values: dict[Cell, set[int]] = {cell: set() for cell in CELLS}
    for guess in product(range(1, found.people + 1), repeat=len(free)):
        cells = known | dict(zip(free, guess, strict=True))
        if fits(cells, found):
            for cell, value in cells.items():
                values[cell].add(value)
    return values


def fits(cells: dict[Cell, int], found: Report) -> bool:
    """Whether there can be people so that these cells and everything that is shown add up."""
    sex, age, pair = found.tables
    assert sex.unknown is not None
    assert age.unknown is not None
    assert pair.unknown is not None
    neither = sex.unknown + age.unknown - pair.unknown
    if sum(cells.values()) + pair.unknown != found.people:
        return False
    for at, (table, others) in enumerate(((sex, age), (age, sex))):
        assert others.unknown is not None
        left, open_ended = others.unknown - neither, False  # who has told this one and not the other
        for category, count in shown(table).items():
            line = sum(value for cell, value in cells.items() if cell[at] == category)
            if count is None:
                open_ended = True
            elif count < line:
                return False
            else:
                left -= count - line
        if left < 0 or (left > 0 and not open_ended):
            return False
    return True


def sums(total: int, parts: int) -> Iterator[Sequence[int]]:
    """Every way to write a total as so many numbers of 1 and more."""
    if parts == 0:
        yield ()
    elif parts == 1:
        if total >= 1:
            yield (total,)
    else:
        for first in range(1, total - parts + 2):
            for rest in sums(total - first, parts - 1):
                yield (first, *rest)
