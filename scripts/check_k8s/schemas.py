"""Every object against its schema: Kubernetes' own, operators' models, and allowed keys where there is no model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
from cloudcoil.models.keda.v1alpha1 import ScaledObject
from cloudcoil.models.prometheus_operator.v1 import PodMonitor, PrometheusRule
from pydantic import BaseModel, ValidationError

from scripts.check_k8s.manifests import Cluster, Manifest, name

VERSION = "1.35"
"""The oldest Kubernetes that the manifests are for: image volumes need no feature gate from there on."""

MODELS: dict[str, type[BaseModel]] = {
    "keda.sh/v1alpha1 ScaledObject": ScaledObject,
    "monitoring.coreos.com/v1 PodMonitor": PodMonitor,
    "monitoring.coreos.com/v1 PrometheusRule": PrometheusRule,
}
"""Made from the operators' own definitions."""

TRIGGERS = {
    "prometheus": {"serverAddress", "query", "threshold", "activationThreshold", "ignoreNullValues"},
    "temporal": {
        *("endpoint", "namespace", "taskQueue", "queueTypes", "targetQueueSize", "activationTargetQueueSize"),
        *("tlsServerName", "enableTLS"),
    },
}
"""What KEDA 2.17 and later read of a trigger's metadata; its models take any text there."""

NEWER = {"spec.fallback.behavior": {"static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower"}}
"""Keys of KEDA 2.17 that its models here do not have, with their values."""

ANY: None = None
SPECS: dict[str, Mapping[str, Any]] = {
    "cert-manager.io/v1 Issuer": {"selfSigned": ANY, "ca": {"secretName": ANY}},
    "cert-manager.io/v1 Certificate": {
        **dict.fromkeys(("secretName", "commonName", "isCA", "duration", "renewBefore", "dnsNames", "usages")),
        "privateKey": dict.fromkeys(("algorithm", "size", "rotationPolicy", "encoding")),
        "issuerRef": dict.fromkeys(("name", "kind", "group")),
    },
    "gateway.networking.k8s.io/v1 Gateway": {
        "gatewayClassName": ANY,
        "listeners": {
            **dict.fromkeys(("name", "hostname", "protocol", "port", "allowedRoutes")),
            "tls": {"mode": ANY, "certificateRefs": dict.fromkeys(("group", "kind", "name", "namespace"))},
        },
    },
    "gateway.networking.k8s.io/v1 HTTPRoute": {
        "parentRefs": dict.fromkeys(("group", "kind", "name", "namespace", "sectionName", "port")),
        "hostnames": ANY,
        "rules": {
            "name": ANY,
            "matches": {"path": {"type": ANY, "value": ANY}, **dict.fromkeys(("headers", "queryParams", "method"))},
            "filters": ANY,
            "timeouts": {"request": ANY, "backendRequest": ANY},
            "backendRefs": dict.fromkeys(("group", "kind", "name", "namespace", "port", "weight")),
        },
    },
}
"""Keys of other operators' objects that may be used, by API version and kind; `ANY` looks no deeper."""


def problems(cluster: Cluster) -> Iterator[str]:
    """Objects that an API server would refuse or silently cut."""
    for manifest in cluster.manifests:
        kind = f"{manifest['apiVersion']} {manifest['kind']}"
        where = f"{manifest['kind']} {name(manifest)}"
        if kind in MODELS:
            yield from (f"{where}: {text}" for text in _modelled(manifest, MODELS[kind]))
            yield from (f"{where}: {text}" for text in _triggers(manifest))
        elif kind in SPECS:
            yield from (f"{where}: {path} is not known" for path in _unknown(manifest["spec"], SPECS[kind], "spec"))
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
        return (f"has no schema in Kubernetes {VERSION} and no list of keys here",)
    except kubernetes_validate.ValidationError as error:
        return (f"{'.'.join(map(str, error.path))}: {error.message}",)
    return ()


def _modelled(manifest: Manifest, model: type[BaseModel]) -> Iterator[str]:
    try:
        found = model.model_validate(manifest)
    except ValidationError as error:
        yield from (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return
    kept = found.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for path, value in _lost(manifest, kept):
        if value not in NEWER.get(path, ()):
            yield f"{path} is not known, or not with this value"


def _triggers(manifest: Manifest) -> Iterator[str]:
    for trigger in manifest["spec"].get("triggers", ()):
        known = TRIGGERS.get(trigger["type"], set())
        yield from (f"trigger {trigger['type']} reads no {key}" for key in trigger["metadata"].keys() - known)


def _lost(value: Any, kept: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Keys that the model has no field for: an API server would drop or refuse them."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in kept:
                yield from _lost(part, kept[key], f"{path}.{key}".lstrip("."))
            else:
                yield f"{path}.{key}", part
    elif isinstance(value, list):
        for part, other in zip(value, kept, strict=True):
            yield from _lost(part, other, path)


def _unknown(value: Any, allowed: Mapping[str, Any] | None, path: str) -> Iterator[str]:
    if allowed is ANY:
        return
    if isinstance(value, list):
        for part in value:
            yield from _unknown(part, allowed, path)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key in allowed:
                yield from _unknown(part, allowed[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"
