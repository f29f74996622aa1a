"""Places in the manifests that a value of the chart fills."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: an object, and the keys that lead there."""

    kind: str
    name: str
    keys: tuple[str, ...] = ()

    def __truediv__(self, key: str) -> Place:
        return Place(self.kind, self.name, (*self.keys, key))

    def __str__(self) -> str:
        return f"{self.kind} {self.name}, {'.'.join(self.keys)}"

    def ends(self, *patterns: str) -> bool:
        """Whether its last keys are these; `*` stands for any part of one."""
        last = self.keys[-len(patterns) :]
        return len(last) == len(patterns) and all(map(fnmatchcase, last, patterns))

    def among(self, *patterns: str) -> bool:
        """Whether all of its keys are these."""
        return len(self.keys) == len(patterns) and self.ends(*patterns)

    @property
    def part(self) -> str:
        """The object's name as the values have it."""
        return camel(self.name)


@dataclass(frozen=True, slots=True)
class Hole:
    """What stands there instead of the manifest's own.

    `value`: the dotted path of the value, empty where the expression follows from others. `default`: what the manifest
    has. `optional`: an empty value leaves the key out. `block`: the value is a list or a mapping.
    """

    value: str
    expression: str
    default: object = None
    optional: bool = False
    block: bool = False


def given(value: str, default: object, *, optional: bool = False, block: bool = False) -> Hole:
    """A hole that a value fills as it is."""
    text = isinstance(default, str)
    expression = f"{{{{ .Values.{value}{' | quote' if text else ''} }}}}"
    return Hole(value, expression, default, optional, block)


def number(value: str, default: object) -> Hole:
    """A hole for a number that the manifest wants as text."""
    return Hole(value, f"{{{{ .Values.{value} | toString | quote }}}}", int(str(default)))


def follows(expression: str) -> Hole:
    """A hole that other values fill."""
    return Hole("", expression)


def camel(name: str) -> str:
    """`object-store` as `objectStore`: a name that templates can follow without quotes."""
    first, *rest = name.split("-")
    return first + "".join(part.title() for part in rest)
