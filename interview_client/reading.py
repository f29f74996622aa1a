"""Reading a result of which every key may be missing, and writing what was found for people."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

NOT_MEASURED = "not measured"
FINAL_DIGITS = 1
"""Digits after the point of a session's total, where it is not whole; ratings and answers' totals have none."""


def at(value: object, *path: str) -> object:
    """What lies at the end of a path of keys; None when any of them is missing."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def items(value: object, *path: str) -> list[object]:
    """The list at the end of a path of keys; empty when there is none."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def number(value: object, unit: str = "", digits: int = 0) -> str:
    """A number with its unit, or "not measured"."""
    found = real(value)
    if found is None:
        return NOT_MEASURED
    return f"{half_up(found, digits):.{digits}f}{unit}"


def half_up(value: float, digits: int = 0) -> float:
    """Rounded as everywhere in the system: halves away from zero, by the number as it is written."""
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def within(value: object, low: object, high: object) -> str:
    """A score with its interval where both ends are known: `74 (66–82)`."""
    if real(low) is None or real(high) is None:
        return number(value)
    return f"{number(value)} ({number(low)}–{number(high)})"


def final(value: object, low: object = None, high: object = None) -> str:
    """A session's total, with its interval where that is known: `79.5 (71–87.5)`."""
    if real(low) is None or real(high) is None:
        return _final(value)
    return f"{_final(value)} ({_final(low)}–{_final(high)})"


def _final(value: object) -> str:
    return number(value, digits=FINAL_DIGITS).removesuffix(".0")


def real(value: object) -> float | None:
    """The value as a finite number, if it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def text(value: object) -> str:
    """A text from outside on one line, safe to print; empty for anything else."""
    return cleaned(value) if isinstance(value, str) else ""


def cleaned(value: str) -> str:
    """Without control characters: a transcript or a file name must not be able to drive the terminal."""
    spaced = " ".join(value.split())
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def shortened(value: str, max_chars: int) -> str:
    """The beginning of a text, cut between words where there is a gap."""
    if len(value) <= max_chars:
        return value
    head = value[:max_chars]
    return f"{head.rsplit(' ', 1)[0] or head}…"


def clock(value: object) -> str:
    """Seconds as mm:ss."""
    found = real(value)
    if found is None:
        return "--:--"
    minutes, seconds = divmod(int(max(found, 0.0)), 60)
    return f"{minutes:02d}:{seconds:02d}"
