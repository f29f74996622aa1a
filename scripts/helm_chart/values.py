"""`values.yaml`, and the values that make the chart what an overlay is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from scripts.helm_chart.descriptions import described
from scripts.helm_chart.holes import find, opened
from scripts.helm_chart.kustomized import COMPONENTS, Id, Renders, overlay
from scripts.helm_chart.places import Hole, Place, camel
from scripts.helm_chart.trees import ABSENT, Tree, at, differences, merged, placed, plain

DEFAULT_COMPONENTS = {camel(c): c in ("managed-state", "temporal") for c in COMPONENTS}
"""State of the owner's own; everything else is chosen."""

ORDER = (
    *("components", "image", "gateway", "ingress", "gatewayApi", "oidc", "database", "objectStore", "temporal"),
    *("storage", "secrets", "services", "gpu", "observability", "settings", "images"),
)
REFERENCE = re.compile(r"^(?:(?P<registry>.+)/)?(?P<name>interview(?:-weights)?/[^:@]+)[:@](?P<tag>.+)$")


def profile(name: str, renders: Renders) -> dict[str, Tree]:
    """The values of an overlay. Raises ValueError where it changes something that no value of the chart changes."""
    components, found = overlay(name)
    base = renders(components)
    if found.keys() != base.keys():
        raise ValueError(f"{name} brings or drops {sorted(found.keys() ^ base.keys())}, which no component does")
    wanted = {camel(c): c in components for c in COMPONENTS}
    values: dict[str, Tree] = {"components": {c: on for c, on in wanted.items() if on != DEFAULT_COMPONENTS[c]}}
    for kind_and_name in base:
        for path, value in _changed(name, kind_and_name, base[kind_and_name], found[kind_and_name]):
            values = merged(values, placed(path, value))
    return values


def _changed(overlay: str, found: Id, base: Tree, own: Tree) -> Iterator[tuple[str, Tree]]:
    """What an overlay changes of an object, as paths of values with what they are."""
    for keys, before, after in differences(base, own):
        place = Place(*found, keys)
        if (filled := _hole(place, base)) is not None:
            where, hole = filled
            yield from _read(where, hole, at(base, where.keys), at(own, where.keys))
        elif path := next((p for n in range(len(keys)) if (p := opened(Place(*found, keys[:n])))), ""):
            inner = keys[len(_open_keys(place)) :]
            value = plain(after)
            for key in reversed(inner):
                value = {key: value}
            yield path, value
        else:
            raise ValueError(
                f"{overlay}: {place} is {after!r} in place of {before!r}, and no value of the chart says so"
            )


def _open_keys(place: Place) -> tuple[str, ...]:
    return next(k for n in range(len(place.keys)) if opened(Place(place.kind, place.name, k := place.keys[:n])))


def _hole(place: Place, base: Tree) -> tuple[Place, Hole] | None:
    """The hole at this place, or the one that it is a part of."""
    for length in range(len(place.keys), 0, -1):
        where = Place(place.kind, place.name, place.keys[:length])
        value = at(base, where.keys)
        if value is not ABSENT and (hole := find(where, value)):
            return where, hole
    return None


def _read(place: Place, hole: Hole, before: Tree, after: Tree) -> Iterator[tuple[str, Tree]]:
    if hole.value:
        own = "" if after is ABSENT else plain(after)
        yield hole.value, int(own) if isinstance(hole.default, int) and isinstance(own, str) else own
    elif place.ends("image") or place.ends("image", "reference"):
        reference = REFERENCE.match(str(after))
        if reference is None or reference["name"] != str(before).rpartition(":")[0]:
            raise ValueError(f"{place}: {after} is another image than {before}")
        yield "image.registry", reference["registry"] or ""
        if reference["tag"].startswith("sha256:"):
            yield f"image.digests.{reference['name']}", reference["tag"]


def written(values: dict[str, Tree]) -> str:
    """Values as YAML."""
    return yaml.safe_dump(values, sort_keys=False, width=10_000)


def documented(values: dict[str, Tree], path: str = "", indent: int = 0, said: set[str] | None = None) -> str:
    """Values as YAML, each with what it is above it; what is the same for many is said once."""
    said = set() if said is None else said
    lines, before = [], " " * indent
    for key in sorted(values, key=_place) if not path else values:
        value, here = values[key], f"{path}.{key}".lstrip(".")
        text = described(here)
        lines += [""] if not path else []
        lines += [f"{before}# {text}"] if text and text not in said else []
        said.add(text)
        if isinstance(value, dict) and value and here != "gpu.nodeSelector":
            lines += [f"{before}{key}:", documented(value, here, indent + 2, said).rstrip("\n")]
        else:
            lines.append(f"{before}{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _place(key: str) -> int:
    return ORDER.index(key)


def _flow(value: Tree) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000)
    return text.removesuffix("\n").removesuffix("\n...")
