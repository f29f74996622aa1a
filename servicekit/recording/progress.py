"""Whether a process goes on, stands still by itself, or is kept from going on by the machine.

A machine may stand still for hours, or be busy with other things; that is no fault of what is decoded on it.
"""

from __future__ import annotations

from pathlib import Path

TICK_S = 1.0
KEPT = 5
"""A process that the machine keeps from going on is given so many times the time of one that stands still by itself."""


class Progress:
    """Looks at a process at each tick that the caller itself was awake for. Only Linux shows what it wants to see."""

    def __init__(self, still_s: float) -> None:
        """It may stand still for `still_s` seconds."""
        self.tick_s = min(TICK_S, still_s / 4)
        self._most = still_s / self.tick_s
        self._asleep = self._kept = 0
        self._spent: int | None = None

    def look(self, pid: int | None) -> None:
        """Take note of one tick without a word of process `pid`; None where it is not known."""
        states, spent = _threads(pid)
        moved = self._spent is not None and spent > self._spent
        self._spent = spent
        self._kept = 0 if moved else self._kept + 1
        self._asleep = self._asleep + 1 if states == {"S"} and not moved else 0

    @property
    def stands_still(self) -> bool:
        """All of it has slept and used no processor for the whole time, though it had nothing to wait for."""
        return self._asleep > self._most

    @property
    def is_kept(self) -> bool:
        """It used no processor for many times as long: frozen, starved, or waiting for a disk."""
        return self._kept > KEPT * self._most


def _threads(pid: int | None) -> tuple[set[str], int]:
    """The states of its threads, and their processor time in the kernel's units."""
    states, spent = set(), 0
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            # proc(5): after the name in brackets come the state, 10 numbers, and the time as a user and in the kernel.
            fields = (thread / "stat").read_text().rpartition(")")[2].split()
            states.add(fields[0])
            spent += int(fields[11]) + int(fields[12])
    except OSError:
        return set(), 0  # it is gone, or there is no such folder
    return states, spent
