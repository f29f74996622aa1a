"""Rubrics: which criteria an answer is rated by, with anchors and weights. One YAML file each, named by its hash."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from services.judge.model import CRITERIA, Criterion, Rubric

FOLDER = Path(__file__).parents[2] / "rubrics"
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
ANCHORED = (1, 3, 5)


class RubricError(Exception):
    """A rubric does not exist or is not one; the text says why, for people."""


class _Criterion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    weight: float = Field(gt=0, le=100)
    titles: dict[Literal["en", "id"], str] = {}
    asks: str = Field(default="", max_length=300)
    anchors: dict[int, str] = {}
    points: list[str] = Field(default=[], max_length=20)

    @field_validator("anchors")
    @classmethod
    def _anchored(cls, value: dict[int, str]) -> dict[int, str]:
        if value and tuple(sorted(value)) != ANCHORED:
            raise ValueError("must say what a 1, a 3 and a 5 look like")
        return value


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    role: str = Field(max_length=100)
    criteria: dict[str, _Criterion] = Field(max_length=12)

    @field_validator("criteria")
    @classmethod
    def _complete(cls, value: dict[str, _Criterion]) -> dict[str, _Criterion]:
        if missing := set(CRITERIA) - set(value):
            raise ValueError(f"lacks {', '.join(sorted(missing))}")
        for name, found in value.items():
            if not NAME.fullmatch(name):
                raise ValueError(f"{name} is no name: lower case letters, digits and _")
            if name not in CRITERIA and not (found.asks and found.anchors):
                raise ValueError(f"{name} needs `asks` and `anchors`")
        return value


def read(folder: Path) -> dict[str, Rubric]:
    """Every rubric of a folder by name. Raises RubricError."""
    found = {path.stem: _rubric(path) for path in sorted(folder.glob("*.yaml"))}
    if not found:
        raise RubricError(f"{folder} holds no rubric")
    return found


def _rubric(path: Path) -> Rubric:
    content = path.read_bytes()
    try:
        file = _File.model_validate(yaml.safe_load(content))
    except (yaml.YAMLError, ValidationError) as error:
        raise RubricError(f"{path.name} is no rubric: {error}") from error
    if file.name != path.stem:
        raise RubricError(f"{path.name} calls itself {file.name}")
    order = (*CRITERIA, *(name for name in file.criteria if name not in CRITERIA))
    criteria = tuple(_criterion(name, file.role, file.criteria[name]) for name in order)
    return Rubric(file.name, criteria, hashlib.sha256(content).hexdigest(), file.role)


def _criterion(name: str, role: str, found: _Criterion) -> Criterion:
    return Criterion(name, found.weight, _task(name, role, found), tuple(found.titles.items()))


def _task(name: str, role: str, found: _Criterion) -> str:
    """The question for one criterion, anchors last; the role is named, the person never."""
    if name in CRITERIA:
        return ""
    anchors = ", ".join(f"{level} = {found.anchors[level]}" for level in ANCHORED)
    points = f" Points that count: {'; '.join(found.points)}." if found.points else ""
    title = name.replace("_", " ").upper()
    return f"Rate the {title} of candidate_answer for the role of {role}: {found.asks}{points} {anchors}. " + (
        "Reply with one digit."
    )
