"""Manifests as trees: every list is a mapping, by its items' names where they have some, else by their positions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Tree = Any
"""A scalar, a mapping, or `Items`."""


class Items(dict[str, Tree]):
    """A list."""


class Absent:
    """What stands where nothing stands."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT = Absent()
HASH = re.compile(r"(?<=-settings)-[0-9a-z]{10}$")
"""kustomize names ConfigMaps after what they hold; the chart marks pods with it instead."""


def tree(value: Any) -> Tree:
    """The tree of a loaded manifest, with ConfigMaps under their plain names."""
    if isinstance(value, dict):
        return {str(key): tree(part) for key, part in value.items()}
    if isinstance(value, list):
        names = [_name(item) for item in value]
        named = all(names) and len(set(names)) == len(names)
        keys = names if named else [str(position) for position in range(len(value))]
        return Items(zip(map(str, keys), map(tree, value), strict=True))
    return HASH.sub("", value) if isinstance(value, str) else value


def _name(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    for part in (item, item.get("metadata"), item.get("configMapRef")):
        if isinstance(part, dict) and isinstance(part.get("name"), str):
            return HASH.sub("", part["name"])
    return ""


def plain(value: Tree) -> Any:
    """The tree as it is written in YAML."""
    if isinstance(value, Items):
        return [plain(item) for item in value.values()]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value


def at(value: Tree, keys: tuple[str, ...]) -> Tree:
    """What stands there, or ABSENT."""
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return ABSENT
        value = value[key]
    return value


def differences(one: Tree, other: Tree, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Tree, Tree]]:
    """Where two trees differ, as deep as they have mappings in common; the order of keys does not count."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from differences(one.get(key, ABSENT), other.get(key, ABSENT), (*keys, key))
    elif one != other or type(one) is not type(other):
        yield keys, one, other


def merged(one: Mapping[str, Tree], other: Mapping[str, Tree]) -> dict[str, Tree]:
    """Both, the other's where both have something."""
    found = dict(one)
    for key, part in other.items():
        both = isinstance(part, dict) and isinstance(found.get(key), dict)
        found[key] = merged(found[key], part) if both else part
    return found


def placed(path: str, value: Tree) -> dict[str, Tree]:
    """A mapping with the value under a dotted path; dots within a key are not meant to occur."""
    for key in reversed(path.split(".")):
        value = {key: value}
    found: dict[str, Tree] = value
    return found
