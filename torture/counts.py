"""What was counted, and which counts must be zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rehearsal.tables import table


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the table. `zero`: whether anything but zero is a fault; `which` names what was counted then."""

    part: str
    what: str
    value: float
    zero: bool = False
    which: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a zero is missing."""
        return self.zero and self.value != 0


def must_be_none(part: str, what: str, found: Sequence[str]) -> Count:
    """A count of things of which there must be none."""
    return Count(part, what, len(found), True, tuple(found))


def counts_text(counts: Sequence[Count]) -> str:
    """The one table, and below it what is behind each missing zero."""
    rows = [(c.part, c.what, c.value, _verdict(c)) for c in counts]
    behind = [f"{c.part}, {c.what}: {name}" for c in counts if c.failed for name in c.which]
    return "\n".join([table(("part", "what", "count", "must be zero"), rows), *behind])


def _verdict(count: Count) -> str:
    if not count.zero:
        return ""
    return "NOT ZERO" if count.failed else "yes"
