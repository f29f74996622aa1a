"""What candidates may be asked of their groups: ready characteristics, and what a job's own must look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from interview.impact.v1 import impact_service_pb2 as pb

from orchestrator.sessions.request import check_text
from servicekit.errors import field_invalid

MOST_CHARACTERISTICS, LEAST_CATEGORIES, MOST_CATEGORIES, MAX_TITLE = 3, 2, 12, 120
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_READY = Path(__file__).parent / "characteristics.yaml"


def ready() -> dict[str, pb.Characteristic]:
    """Sex, race/ethnicity as New York City's Local Law 144 has it, and age band, by name."""
    return {name: characteristic(kept) for name, kept in yaml.safe_load(_READY.read_text("utf-8")).items()}


def checked(given: Sequence[pb.Characteristic]) -> list[pb.Characteristic]:
    """The characteristics as they are kept; without categories: the ready one of that name. Raises FIELD_INVALID."""
    if len(given) > MOST_CHARACTERISTICS:
        raise field_invalid("characteristics", f"must be {MOST_CHARACTERISTICS} at most")
    known = ready()
    found = [each if each.categories else known.get(each.name, each) for each in given]
    _check_names("characteristics", [each.name for each in found])
    for index, each in enumerate(found):
        name = f"characteristics[{index}]"
        if not each.categories:
            raise field_invalid(name, f"needs categories, or one of these names: {', '.join(known)}")
        if not LEAST_CATEGORIES <= len(each.categories) <= MOST_CATEGORIES:
            raise field_invalid(f"{name}.categories", f"must be {LEAST_CATEGORIES} to {MOST_CATEGORIES}")
        _check_names(f"{name}.categories", [category.name for category in each.categories])
        parts: list[pb.Characteristic | pb.Category] = [each, *each.categories]
        for part in parts:
            check_text(f"{name}.title_en", part.title_en, 1, MAX_TITLE)
            check_text(f"{name}.title_id", part.title_id, 1, MAX_TITLE)
    return found


def chosen(asked: Iterable[pb.Characteristic], given: Sequence[pb.GroupAnswer]) -> dict[str, str]:
    """Categories by characteristic; what is left out is not disclosed. Raises FIELD_INVALID."""
    known = {each.name: {category.name for category in each.categories} for each in asked}
    if len({answer.characteristic for answer in given}) < len(given):
        raise field_invalid("answers", "must name each characteristic once")
    for answer in given:
        if answer.category not in known.get(answer.characteristic, ()):
            raise field_invalid("answers", "must name characteristics and categories that are asked for")
    return {answer.characteristic: answer.category for answer in given}


def kept(asked: pb.Characteristic) -> dict[str, Any]:
    """As it is in the database."""
    categories = [{"name": each.name, "title": _titles(each)} for each in asked.categories]
    return {"name": asked.name, "title": _titles(asked), "categories": categories}


def characteristic(kept: Mapping[str, Any]) -> pb.Characteristic:
    """As it is in messages."""
    categories = [
        pb.Category(name=each["name"], title_en=each["title"]["en"], title_id=each["title"]["id"])
        for each in kept["categories"]
    ]
    title = kept["title"]
    return pb.Characteristic(name=kept["name"], title_en=title["en"], title_id=title["id"], categories=categories)


def _titles(part: pb.Characteristic | pb.Category) -> dict[str, str]:
    return {"en": part.title_en.strip(), "id": part.title_id.strip()}


def _check_names(field: str, names: Sequence[str]) -> None:
    if not all(_NAME.fullmatch(name) for name in names):
        raise field_invalid(field, "must have names of small letters, digits and _")
    if len(set(names)) < len(names):
        raise field_invalid(field, "must have names that differ")
