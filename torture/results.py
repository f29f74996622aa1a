"""Whether a result is what a quiet run gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

Value = Any
Flat = dict[str, Value]


class Expected:
    """Two results of the same interview from a quiet run: where they differ is what names, ids and clocks give.

    How long a part worked is left out: two quiet runs agree on it only by chance.
    """

    def __init__(self, pair: Sequence[dict[str, Any]]) -> None:
        """`pair` holds both."""
        one, other = (_compared(result) for result in pair)
        self._same: Flat = {path: value for path, value in one.items() if other.get(path, _NONE) == value}
        self._varying = (one.keys() | other.keys()) - self._same.keys()

    def differences(self, result: dict[str, Any]) -> list[str]:
        """Paths at which a result says something else."""
        found = {path: value for path, value in _compared(result).items() if path not in self._varying}
        paths = found.keys() | self._same.keys()
        return sorted(path for path in paths if found.get(path, _NONE) != self._same.get(path, _NONE))


_NONE = object()
_TIMES = re.compile(r"\.seconds$|^\.metadata\.timing\b")


def _compared(result: dict[str, Value]) -> Flat:
    return {path: value for path, value in _flat(result) if not _TIMES.search(path)}


def _flat(value: Value, path: str = "") -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{path}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _flat(each, f"{path}[{index}]")
    else:
        yield path, value
