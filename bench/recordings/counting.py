"""What is right and what is wrong about the reading of one recording."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.recordings.kinds import Kind
from bench.recordings.reader import Reading, Services
from servicekit.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Count:
    """`wrong` says what should be, and what was read instead."""

    kind: str
    claims: int
    wrong: tuple[str, ...]

    @property
    def right(self) -> int:
        """How many claims hold."""
        return self.claims - len(self.wrong)

    def row(self) -> dict[str, Any]:
        """For JSON."""
        return {"kind": self.kind, "right": self.right, "wrong": list(self.wrong)}


def counted(services: Services, kind: Kind, path: Path) -> Count:
    """Make one of a kind and read it. A recording that is refused is wrong in everything."""
    reading = Reading(services, kind.make(path), kind.language)
    wrong = []
    for claim in kind.claims:
        try:
            if not claim.holds(reading):
                wrong.append(f"{claim.text}: {claim.found(reading)}")
        except ServiceError as error:
            wrong.append(f"{claim.text}: {error.message}")
    return Count(kind.name, len(kind.claims), tuple(wrong))
