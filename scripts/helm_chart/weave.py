"""One template from many renders: what a component changes stands under its condition, what a value fills is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from scripts.helm_chart import additions
from scripts.helm_chart.holes import find, key_of, opened
from scripts.helm_chart.places import Hole, Place, camel
from scripts.helm_chart.trees import ABSENT, Items, Tree, at

On = frozenset[str]
LONG_TEXT = 4000
"""Longer texts are files of the chart."""


@dataclass
class Object:
    """One object in every set of components: `at_all` gives it, or ABSENT.

    `defines`, `files` and `values` (by path, with defaults) fill while it is woven.
    """

    kind: str
    name: str
    at_all: Callable[[On], Tree]
    compatible: Callable[[On], bool]
    defines: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)

    def document(self, on: On, left: tuple[str, ...]) -> list[str]:
        """Its lines, without the condition under which it exists."""
        return list(self._mapping(Place(self.kind, self.name), on, left))

    def _mapping(self, place: Place, on: On, left: tuple[str, ...]) -> Iterator[str]:
        keys = {key: None for value in self._seen(place, on, left) for key in value}
        first = [key for key in ("name", "apiVersion", "kind") if key in keys]
        for key in dict.fromkeys([*first, *keys]):
            yield from self._entry(place / key, on, left)
        if path := additions.class_of(place):
            self.values[path] = ""
        yield from additions.lines(place, self.at_all(on))

    def _entry(self, place: Place, on: On, left: tuple[str, ...]) -> Iterator[str]:
        """The lines of a key with all that may stand there."""
        here = self._at(place, on)
        changing = [c for c in left if self._reachable(on, c) and self._at(place, on | {c}) != here]
        absent = [c for c in changing if self._at(place, on | {c}) is ABSENT]
        if here is ABSENT:
            yield from self._chain(place, on, left, changing, otherwise=False)
        elif absent:
            yield f"{{{{- if not {_any(absent)} }}}}"
            yield from self._entry(place, on, tuple(c for c in left if c not in absent))
            yield "{{- end }}"
        elif changing and not self._mergeable(place, here, on, changing):
            yield from self._chain(place, on, left, changing, otherwise=True)
        else:
            yield from self._present(place, here, on, left)

    def _chain(
        self, place: Place, on: On, left: tuple[str, ...], changing: list[str], *, otherwise: bool
    ) -> Iterator[str]:
        """One branch a component, each with what the ones after it still change."""
        for position, component in enumerate(changing):
            yield f"{{{{- {'else ' if position else ''}if {condition(component)} }}}}"
            yield from self._entry(place, on | {component}, tuple(c for c in left if c not in changing[: position + 1]))
        if otherwise:
            yield "{{- else }}"
            yield from self._present(place, self._at(place, on), on, ())
        yield "{{- end }}"

    def _mergeable(self, place: Place, here: Tree, on: On, changing: list[str]) -> bool:
        """Mappings are looked into, unless a value fills them as a whole."""
        there = [self._at(place, on | {c}) for c in changing]
        return bool(here) and isinstance(here, dict) and all(type(t) is type(here) and t for t in there)

    def _present(self, place: Place, here: Tree, on: On, left: tuple[str, ...]) -> Iterator[str]:
        key = "-" if isinstance(self._at(Place(place.kind, place.name, place.keys[:-1]), on), Items) else ""
        if hole := find(place, here):
            yield from self._filled(key or _key(place), hole, place)
        elif path := opened(place):
            yield from self._open(f"{place.keys[-1]}:", path, place, on, left)
        elif isinstance(here, dict) and here:
            yield from _under(key or _key(place), list(self._mapping(place, on, left)))
        elif isinstance(here, str) and len(here) > LONG_TEXT:
            self.files[place.keys[-1]] = here
            yield f'{_scalar(place.keys[-1])}: {{{{ .Files.Get "files/{place.keys[-1]}" | toJson }}}}'
        else:
            yield from _text(key or _key(place), here)

    def _filled(self, key: str, hole: Hole, place: Place) -> Iterator[str]:
        if hole.value:
            known = self.values.setdefault(hole.value, hole.default)
            if known != hole.default:
                raise ValueError(f"{place}: {hole.value} is {known!r} elsewhere and {hole.default!r} here")
        if hole.block:
            yield from (key, f"  {{{{- toYaml .Values.{hole.value} | nindent @ }}}}")
        elif hole.optional:
            yield from (f"{{{{- with .Values.{hole.value} }}}}", f"{key} {{{{ . | quote }}}}", "{{- end }}")
        else:
            yield f"{key} {hole.expression}"

    def _open(self, key: str, path: str, place: Place, on: On, left: tuple[str, ...]) -> Iterator[str]:
        """A mapping over which the owner's is laid: the manifests' part is a template of its own."""
        self.defines[additions.define(path)] = list(self._mapping(place, on, left))
        self.values[path] = {}
        yield key
        yield f'  {{{{- include "interview.over" (list . "{additions.define(path)}" .Values.{path}) | nindent @ }}}}'

    def _at(self, place: Place, on: On) -> Tree:
        return at(self.at_all(on), place.keys)

    def _reachable(self, on: On, component: str) -> bool:
        return component not in on and self.compatible(on | {component})

    def _seen(self, place: Place, on: On, left: tuple[str, ...]) -> Iterator[Mapping[str, Tree]]:
        """The mapping in each of the renders that count here."""
        for more in (on, *(on | {c} for c in left if self._reachable(on, c))):
            if isinstance(found := self._at(place, more), dict):
                yield found


def condition(component: str) -> str:
    """Whether a component is wanted."""
    return f".Values.components.{camel(component)}"


def _any(components: list[str]) -> str:
    words = [condition(c) for c in components]
    return words[0] if len(words) == 1 else f"(or {' '.join(words)})"


def _key(place: Place) -> str:
    key = key_of(place)
    return f"{key}:" if key != place.keys[-1] else f"{_scalar(key)}:"


def _under(key: str, lines: list[str]) -> Iterator[str]:
    if key == "-" and not lines[0].startswith("{{-"):
        yield f"- {lines[0]}"
        yield from (f"  {line}" for line in lines[1:])
    else:
        yield key
        yield from (f"  {line}" for line in lines)


def _text(key: str, value: Tree) -> Iterator[str]:
    if isinstance(value, str) and "\n" in value.strip("\n") and value == value.rstrip("\n") + "\n":
        yield f"{key} |"
        yield from (f"  {escaped(line)}" for line in value.splitlines())
    else:
        yield f"{key} {escaped(_scalar(value))}"


def _scalar(value: Tree) -> str:
    if isinstance(value, dict):
        return "[]" if isinstance(value, Items) else "{}"
    if isinstance(value, str) and ("\n" in value or len(value) > 100):
        return json.dumps(value, ensure_ascii=False)
    return yaml.safe_dump(value, width=10_000, allow_unicode=True).removesuffix("\n").removesuffix("\n...")


def escaped(text: str) -> str:
    """Text that Helm would take for its own."""
    return text.replace("{{", '{{ "{{" }}')


def laid_out(lines: list[str]) -> str:
    """The lines as text, with their indentation where they ask for it."""
    told = (line.replace("@", str(_indent(line))) if "nindent @" in line else line for line in joined(lines))
    return "".join(f"{line}\n" for line in told)


def joined(lines: list[str]) -> list[str]:
    """Neighbours under the same condition under one."""
    found: list[str] = []
    opened: list[tuple[int, str]] = []  # blocks: where they begin, and how; "" once they have an else
    closed: tuple[int, str] = (-1, "")  # the block that has ended just before
    for line in lines:
        word = line.strip()
        if word.startswith("{{- if "):
            if closed == (len(found) - 1, line):
                found.pop()
                opened.append((-1, line))
                continue
            opened.append((len(found), line))
        elif word.startswith(("{{- with ", "{{- range ", "{{- define ")):
            opened.append((len(found), ""))
        elif word.startswith("{{- else"):
            opened[-1] = (opened[-1][0], "")
        elif word == "{{- end }}":
            closed = (len(found), opened.pop()[1])
        found.append(line)
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
