"""What autoscalers and budgets do in an outage, at night and while a node is emptied."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator.settings import WorkerSettings
from orchestrator.workflows.queues import QUEUES, queue_name
from scripts.check_k8s.manifests import WORKLOADS, Cluster, Manifest, labels_of, name, pod_of
from scripts.check_k8s.processes import processes
from scripts.check_k8s.references import selects

KEPT = "currentReplicasIfHigher"
TELLERS = {"interview_service_demand": "worker", "vllm": "vllm"}
"""Who tells the metrics that queries ask for, by how their names begin."""

ENGINE = "vllm"
AVAILABLE = frozenset({"production"})
"""Overlays in which a node may be emptied without anybody noticing; the others are small on purpose."""


def problems(cluster: Cluster) -> Iterator[str]:
    """Scaling by numbers that nobody tells, that shrinks in an outage, and parts of which none may be left."""
    for scaler in cluster.of("ScaledObject"):
        where = f"ScaledObject {name(scaler)}"
        if scaler["spec"].get("fallback", {}).get("behavior") != KEPT:
            yield f"{where}: shrinks to a fixed number in an outage; its fallback must be {KEPT}"
        yield from (f"{where}: nothing scrapes {teller}, which it asks for" for teller in _unscraped(cluster, scaler))
    yield from _queues(cluster)
    if cluster.find("Deployment", ENGINE) and "vllm:num_requests_waiting" not in _asked(cluster, ENGINE):
        yield f"{ENGINE} is not scaled by its requests, those that wait included"
    if cluster.overlay in AVAILABLE:
        for budget in cluster.of("PodDisruptionBudget"):
            if least_replicas(cluster, name(budget)) <= budget["spec"].get("maxUnavailable", 0):
                yield f"PodDisruptionBudget {name(budget)}: allows none to be left"


def _queues(cluster: Cluster) -> Iterator[str]:
    """Queues of which no worker takes work, and backlogs that nobody has or that are another's."""
    polled = {queue_name(worker.task_queue, queue) for worker in _workers(cluster) for queue in worker.queue_names}
    base = {worker.task_queue for worker in _workers(cluster)}
    wanted = {queue_name(one, queue) for one in base for queue in QUEUES}
    yield from (f"no worker takes work from {queue}" for queue in sorted(wanted - polled))
    for scaler in cluster.of("ScaledObject"):
        asked = {t["metadata"]["taskQueue"] for t in scaler["spec"]["triggers"] if t["type"] == "temporal"}
        yield from (f"ScaledObject {name(scaler)}: no worker knows {queue}" for queue in sorted(asked - polled))
        if name(scaler) in QUEUES and asked and asked != {queue_name(one, name(scaler)) for one in base}:
            yield f"ScaledObject {name(scaler)}: scales by another's backlog"
        if name(scaler) == "worker" and polled - asked:
            yield f"ScaledObject worker: does not see {', '.join(sorted(polled - asked))}"


def _workers(cluster: Cluster) -> list[WorkerSettings]:
    found = (process.settings() for process in processes(cluster) if process.kind is WorkerSettings)
    return [settings for settings in found if isinstance(settings, WorkerSettings)]


def _asked(cluster: Cluster, workload: str) -> str:
    """The queries by which a Deployment is scaled."""
    scaler = cluster.find("ScaledObject", workload)
    return " ".join(t["metadata"].get("query", "") for t in scaler["spec"]["triggers"]) if scaler else ""


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
