"""One line of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, ours, the peer method's figure, the target, and whether it is met (None: no target)."""

    what: str
    ours: str
    target: str = ""
    peer: str = ""
    met: bool | None = None
