"""One line of the table."""

from __future__ import annotations

from dataclasses import dataclass

IN_SAMPLE, LEFT_OUT = "in sample", "left out"
"""Persons on whose clips constants were set, and others."""


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, ours, the peer method's figure, the target, and whether it is met (None: no target)."""

    what: str
    ours: str
    target: str = ""
    peer: str = ""
    met: bool | None = None
    persons: str = IN_SAMPLE
    n: int | None = None
    """Clips, or comparisons."""

    @property
    def verdict(self) -> str:
        """Whether the target is met; empty without one."""
        return "" if self.met is None else ("met" if self.met else "MISSED")
