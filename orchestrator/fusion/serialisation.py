"""From typed blocks to JSON: the only place where they become one, and the schema of what comes out."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from orchestrator.fusion.blocks.session import SessionResult

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def to_json(value: object, indent: int | None = None) -> bytes:
    """Blocks, and tuples and mappings of them, as JSON. Raises ValueError for a number that is none."""
    return text(json_value(value), indent)


def text(values: object, indent: int | None = None) -> bytes:
    """Dictionaries and lists as JSON. Raises ValueError for a number that is none."""
    return json.dumps(values, ensure_ascii=False, indent=indent, allow_nan=False).encode()


def json_value(value: Any) -> Any:
    """Blocks as dictionaries and lists: fields in their order, `from_` as `from`."""
    if dataclasses.is_dataclass(value):
        return {f.name.rstrip("_"): json_value(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return value


def schema() -> dict[str, Any]:
    """The JSON Schema of a published result."""
    made = TypeAdapter(SessionResult).json_schema(schema_generator=_Schema)
    found: dict[str, Any] = _one_line({"$schema": DIALECT, **made})
    return found


def _one_line(value: Any) -> Any:
    """Texts without the line breaks that docstrings have in the code."""
    if isinstance(value, dict):
        return {key: _one_line(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_one_line(item) for item in value]
    return " ".join(value.split()) if isinstance(value, str) else value


class _Schema(GenerateJsonSchema):
    """Every key of a block is published, so that every key is required; titles that repeat the keys are left out."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return True

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])
