"""`values.schema.json`: Helm refuses a value that is misspelt, of another type, or beside one that excludes it."""

from __future__ import annotations

import json
from typing import Any

from scripts.helm_chart.descriptions import described
from scripts.helm_chart.kustomized import EXCLUSIVE
from scripts.helm_chart.places import camel

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
QUANTITIES: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
RESOURCES: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"requests": QUANTITIES, "limits": QUANTITIES},
}
PATTERNS = {
    "gateway.publicUrl": "^https?://[^/]+$",
    "objectStore.uri": "^s3://.+",
    "database.cidr": "^[0-9a-fA-F.:]+/[0-9]+$",
    "objectStore.cidr": "^[0-9a-fA-F.:]+/[0-9]+$",
    "temporal.address": "^[^:]+:[0-9]+$",
}
WAYS = (("postgres", "managed-state"), ("object-store", "managed-state"), ("temporal", "temporal-dev"))
"""Of each at least one: pods reach no state otherwise."""


def text(values: dict[str, Any]) -> str:
    """The schema of these values, as JSON."""
    found = _mapping(values, "")
    rules = [{"not": {"required": ["components"], **_on(*sorted(pair))}} for pair in EXCLUSIVE]
    ways = [{"anyOf": [{"required": ["components"], **_on(way)} for way in either]} for either in WAYS]
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Values of the chart interview"}
    return json.dumps({**head, **found, "allOf": [*rules, *ways]}, indent=2, ensure_ascii=False) + "\n"


def _on(*components: str) -> Schema:
    names = [camel(c) for c in components]
    return {"properties": {"components": {"properties": {n: {"const": True} for n in names}, "required": names}}}


def _mapping(values: dict[str, Any], path: str) -> Schema:
    parts = {key: _value(value, f"{path}.{key}".lstrip(".")) for key, value in values.items()}
    # Helm gives every chart a value `global`.
    extra = {"global": {"type": "object"}} if not path else {}
    return {"type": "object", "additionalProperties": False, "properties": parts | extra}


def _value(value: Any, path: str) -> Schema:
    says = {"description": found} if (found := described(path)) else {}
    return {**says, **_type(value, path)}


def _type(value: Any, path: str) -> Schema:
    last = path.rpartition(".")[2]
    if path.startswith("settings."):
        return {"type": "object", "propertyNames": {"pattern": "^[A-Z][A-Z0-9_]*$"}, "additionalProperties": TEXT}
    if last == "resources":
        return RESOURCES
    if path == "image.digests":
        return {"type": "object", "additionalProperties": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}}
    if path == "gpu.nodeSelector":
        return {"type": "object", "additionalProperties": TEXT}
    if isinstance(value, dict):
        return _mapping(value, path)
    return _plain(value, path)


def _plain(value: Any, path: str) -> Schema:
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int):
        return {"type": "integer", "minimum": 0}
    if isinstance(value, list):
        return {"type": "array", "items": {"type": "object"} if path == "gpu.tolerations" else TEXT}
    return {**TEXT, "pattern": PATTERNS[path]} if path in PATTERNS else TEXT
