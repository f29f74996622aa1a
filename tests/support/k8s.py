"""Parts of rendered manifests that tests break."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scripts.check_k8s.manifests import Cluster, Manifest, pod_of

Break = Callable[[Cluster], object]


def the(cluster: Cluster, kind: str, name: str) -> Manifest:
    found = cluster.find(kind, name)
    assert found is not None, f"{kind} {name}"
    return found


def main(cluster: Cluster, name: str, kind: str = "Deployment") -> dict[str, Any]:
    container: dict[str, Any] = pod_of(the(cluster, kind, name))["containers"][0]
    return container


def variable(cluster: Cluster, workload: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(v for v in main(cluster, workload)["env"] if v["name"] == name)
    return found


def settings(cluster: Cluster, prefix: str) -> dict[str, str]:
    found = next(m for m in cluster.of("ConfigMap") if m["metadata"]["name"].startswith(prefix))
    data: dict[str, str] = found["data"]
    return data


def drop(cluster: Cluster, kind: str, name: str) -> None:
    cluster.manifests.remove(the(cluster, kind, name))
