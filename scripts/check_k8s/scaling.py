"""What autoscalers and budgets do in an outage, at night and while a node is emptied."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.check_k8s.manifests import WORKLOADS, Cluster, Manifest, labels_of, name, pod_of
from scripts.check_k8s.references import selects

KEPT = "currentReplicasIfHigher"
TELLERS = {"interview_service_demand": "worker", "vllm": "vllm"}
"""Who tells the metrics that queries ask for, by how their names begin."""

AVAILABLE = frozenset({"production"})
"""Overlays in which a node may be emptied without anybody noticing; the others are small on purpose."""


def problems(cluster: Cluster) -> Iterator[str]:
    """Scaling by numbers that nobody tells, that shrinks in an outage, and parts of which none may be left."""
    for scaler in cluster.of("ScaledObject"):
        where = f"ScaledObject {name(scaler)}"
        if scaler["spec"].get("fallback", {}).get("behavior") != KEPT:
            yield f"{where}: shrinks to a fixed number in an outage; its fallback must be {KEPT}"
        yield from (f"{where}: nothing scrapes {teller}, which it asks for" for teller in _unscraped(cluster, scaler))
    if cluster.overlay in AVAILABLE:
        for budget in cluster.of("PodDisruptionBudget"):
            if least_replicas(cluster, name(budget)) <= budget["spec"].get("maxUnavailable", 0):
                yield f"PodDisruptionBudget {name(budget)}: allows none to be left"


def least_replicas(cluster: Cluster, workload: str) -> int:
    """Of a Deployment, when it is scaled down as far as it may be."""
    if scaler := cluster.find("HorizontalPodAutoscaler", workload):
        return int(scaler["spec"]["minReplicas"])
    if scaler := cluster.find("ScaledObject", workload):
        return int(scaler["spec"]["minReplicaCount"])
    deployment = cluster.find("Deployment", workload)
    return int(deployment["spec"].get("replicas", 1)) if deployment else 0


def _unscraped(cluster: Cluster, scaler: Manifest) -> Iterator[str]:
    for trigger in scaler["spec"]["triggers"]:
        for word in re.findall(r"[a-z_]+", trigger["metadata"].get("query", "")):
            if (teller := TELLERS.get(word)) and not _scraped(cluster, teller):
                yield teller


def _scraped(cluster: Cluster, workload: str) -> bool:
    found = next((w for w in cluster.of(*WORKLOADS) if name(w) == workload), None)
    if found is None:
        return False
    ports = {port["name"] for spec in pod_of(found)["containers"] for port in spec.get("ports", ())}
    return any(
        selects(monitor["spec"]["selector"], labels_of(found))
        and ports & {endpoint["port"] for endpoint in monitor["spec"]["podMetricsEndpoints"]}
        for monitor in cluster.of("PodMonitor")
    )
