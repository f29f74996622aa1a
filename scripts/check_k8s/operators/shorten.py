"""`python -m scripts.check_k8s.operators.shorten VERSION < CRD > k8s/definitions/FILE`: what validates of a definition.

Keeps the one version that the manifests use, and leaves out what only people read.
"""

from __future__ import annotations

import sys
from typing import Any

import yaml


def shortened(definition: dict[str, Any], version: str) -> dict[str, Any]:
    """The definition with this version of its schema alone. Raises LookupError when it has none such."""
    spec = definition["spec"]
    kept = [one for one in spec["versions"] if one["name"] == version]
    if not kept:
        raise LookupError(f"{definition['metadata']['name']} has no version {version}")
    schemas = [
        {key: value for key, value in one.items() if key != "additionalPrinterColumns"}
        | {"schema": {"openAPIV3Schema": _plain(one["schema"]["openAPIV3Schema"])}}
        for one in kept
    ]
    return definition | {"spec": {key: spec[key] for key in ("group", "names", "scope")} | {"versions": schemas}}


def _plain(schema: Any) -> Any:
    """Without descriptions; a property may be called so too."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _plain(part) for name, part in value.items()} if key == "properties" else _plain(value)
        for key, value in schema.items()
        if not (key == "description" and isinstance(value, str))
    }


if __name__ == "__main__":
    yaml.safe_dump(shortened(yaml.safe_load(sys.stdin), sys.argv[1]), sys.stdout, width=1000)
