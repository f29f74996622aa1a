"""Every object against its schema: Kubernetes' own, or the definition of the operator that takes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import kubernetes_validate  # type: ignore[import-untyped]

from scripts.check_k8s.manifests import Cluster, Manifest, name
from scripts.check_k8s.operators import definitions

VERSION = "1.35"
"""The oldest Kubernetes that the manifests are for: image volumes need no feature gate from there on."""

TRIGGERS = {
    "prometheus": {"serverAddress", "query", "threshold", "activationThreshold", "ignoreNullValues"},
    "temporal": {
        *("endpoint", "namespace", "taskQueue", "queueTypes", "targetQueueSize", "activationTargetQueueSize"),
        *("tlsServerName", "enableTLS"),
    },
}
"""What KEDA 2.17 and later read of a trigger's metadata; its definition takes any text there."""


def problems(cluster: Cluster) -> Iterator[str]:
    """Objects that an API server would refuse or silently cut."""
    for manifest in cluster.manifests:
        kind = f"{manifest['apiVersion']} {manifest['kind']}"
        where = f"{manifest['kind']} {name(manifest)}"
        if kind in definitions.definitions():
            yield from (f"{where}: {text}" for text in definitions.problems(manifest, kind))
            yield from (f"{where}: {text}" for text in _triggers(manifest))
        else:
            yield from (f"{where}: {text}" for text in _core(manifest))


def _core(manifest: Manifest) -> tuple[str, ...]:
    return _core_text(json.dumps(manifest, sort_keys=True))


@cache
def _core_text(manifest: str) -> tuple[str, ...]:
    """Overlays have most objects in common, and one takes a tenth of a second."""
    try:
        kubernetes_validate.validate(json.loads(manifest), VERSION, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        return (f"has no schema in Kubernetes {VERSION} and no definition here",)
    except kubernetes_validate.ValidationError as error:
        return (f"{'.'.join(map(str, error.path))}: {error.message}",)
    return ()


def _triggers(manifest: Manifest) -> Iterator[str]:
    for trigger in manifest["spec"].get("triggers", ()):
        known = TRIGGERS.get(trigger["type"], set())
        yield from (f"trigger {trigger['type']} reads no {key}" for key in trigger["metadata"].keys() - known)
