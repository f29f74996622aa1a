"""Objects of operators against these operators' own definitions: types, unknown keys and rules, as an API server does.

The definitions lie in `k8s/definitions`. Defaults are filled in first; rules are in CEL, evaluated by its own library.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import cel
import yaml
from jsonschema import Draft202012Validator

from scripts.check_k8s.manifests import ROOT, Manifest

FOLDER = ROOT / "k8s" / "definitions"
RULES = "x-kubernetes-validations"
OPEN = "x-kubernetes-preserve-unknown-fields"
WORDS = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"),
        *("namespace", "null", "package", "return", "true", "var", "void", "while"),
    )
)
"""Names that CEL keeps for itself: a property that is called so has `__` before and after it in a rule."""


@cache
def definitions() -> dict[str, dict[str, Any]]:
    """Schemas by API version and kind."""
    found = [yaml.load(path.read_text(), yaml.CSafeLoader)["spec"] for path in sorted(FOLDER.glob("*.yaml"))]
    return {
        f"{spec['group']}/{one['name']} {spec['names']['kind']}": one["schema"]["openAPIV3Schema"]
        for spec in found
        for one in spec["versions"]
    }


def problems(manifest: Manifest, kind: str) -> Iterator[str]:
    """Why an API server would refuse or cut it; nothing but types if these are wrong, as rules expect them."""
    schema = definitions()[kind]
    whole = completed(manifest, schema)
    wrong = [*_types(whole, kind), *_unknown(manifest, schema, "")]
    yield from wrong or _rules(whole, schema, "")


def _types(manifest: Manifest, kind: str) -> Iterator[str]:
    for error in _validator(kind).iter_errors(manifest):
        yield f"{'.'.join(map(str, error.absolute_path))}: {error.message}"


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(definitions()[kind])


def completed(value: Any, schema: dict[str, Any]) -> Any:
    """The value with the defaults of its schema."""
    if isinstance(value, list):
        return [completed(part, schema.get("items", {})) for part in value]
    if not isinstance(value, dict):
        return value
    known = schema.get("properties", {})
    defaults = {key: part["default"] for key, part in known.items() if "default" in part}
    return {key: completed(part, _of(schema, key)) for key, part in (defaults | value).items()}


def _of(schema: dict[str, Any], key: str) -> dict[str, Any]:
    """The schema of a key; an empty one where nothing is said."""
    found = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
    return found if isinstance(found, dict) else {}


def _unknown(value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _unknown(part, schema.get("items", {}), path)
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        for key, part in value.items():
            where = f"{path}.{key}".lstrip(".")
            if known and key not in known and "additionalProperties" not in schema and not schema.get(OPEN):
                yield f"{where} is not known"
            else:
                yield from _unknown(part, _of(schema, key), where)


def _rules(value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
    for rule in schema.get(RULES, ()):
        if not _holds(rule["rule"], value, schema):
            yield f"{path or 'it'}: {rule.get('message', rule['rule'])}"
    if isinstance(value, list):
        for part in value:
            yield from _rules(part, schema.get("items", {}), path)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _rules(part, _of(schema, key), f"{path}.{key}".lstrip("."))


def _holds(rule: str, value: Any, schema: dict[str, Any]) -> bool:
    """Rules about a change need an older object, and hold for a new one."""
    return "oldSelf" in rule or cel.evaluate(rule, {"self": _named(value, schema)}) is True


def _named(value: Any, schema: dict[str, Any]) -> Any:
    """With the names that rules have for properties."""
    if isinstance(value, list):
        return [_named(part, schema.get("items", {})) for part in value]
    if not isinstance(value, dict):
        return value
    known = schema.get("properties", {})
    return {_name(key) if key in known else key: _named(part, _of(schema, key)) for key, part in value.items()}


def _name(key: str) -> str:
    return f"__{key}__" if key in WORDS else key.replace("-", "__dash__")
