"""What an API server refuses, or another controller takes away, although every schema allows it."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterator
from typing import Any

from scripts.check_k8s.manifests import WORKLOADS, Cluster, Manifest, name, pod_of

SHARED = "ReadWriteMany"
REPLACED = {
    "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
    "kustomize.toolkit.fluxcd.io/force": "enabled",
}
"""What makes the two usual tools replace a Job, which nobody can change."""


def problems(cluster: Cluster) -> Iterator[str]:
    """Objects that are right for themselves and still are not taken, or not for long."""
    for policy in cluster.of("NetworkPolicy"):
        yield from (f"NetworkPolicy {name(policy)}: {text}" for block in _blocks(policy) for text in _block(block))
    yield from _certificates(cluster)
    for claim in cluster.of("PersistentVolumeClaim"):
        if SHARED in claim["spec"]["accessModes"] and not claim["spec"].get("storageClassName"):
            yield f"PersistentVolumeClaim {name(claim)}: {SHARED} without a class never binds on the usual clouds"
    for job in cluster.of("Job"):
        yield from (f"Job {name(job)}: {text}" for text in _job(job))
    for workload in cluster.of(*WORKLOADS):
        for spec in (*pod_of(workload).get("initContainers", ()), *pod_of(workload)["containers"]):
            twice = [n for n, count in Counter(v["name"] for v in spec.get("env", ())).items() if count > 1]
            yield from (f"{workload['kind']} {name(workload)}: sets {variable} twice" for variable in twice)


def _blocks(policy: Manifest) -> Iterator[dict[str, Any]]:
    for key, ends in (("ingress", "from"), ("egress", "to")):
        for rule in policy["spec"].get(key, ()):
            yield from (end["ipBlock"] for end in rule.get(ends, ()) if "ipBlock" in end)


def _block(block: dict[str, Any]) -> Iterator[str]:
    """An exception must lie in its block. Addresses of IPv4 that are written as IPv6 are IPv4 to an API server."""
    whole = ipaddress.ip_network(block["cidr"])
    for text in block.get("except", ()):
        part = ipaddress.ip_network(text)
        mapped = isinstance(part, ipaddress.IPv6Network) and part.network_address.ipv4_mapped is not None
        if mapped or part.version != whole.version or part == whole or not part.subnet_of(whole):  # type: ignore[arg-type]
            yield f"except {text} is no part of {block['cidr']}"


def _certificates(cluster: Cluster) -> Iterator[str]:
    """cert-manager writes a Secret for each of these; two that want the same one undo each other's."""
    made = [c["spec"]["secretName"] for c in cluster.of("Certificate")]
    made += [tls["secretName"] for ingress in cluster.of("Ingress") for tls in ingress["spec"].get("tls", ())]
    listeners = [listener for gateway in cluster.of("Gateway") for listener in gateway["spec"]["listeners"]]
    made += [r["name"] for listener in listeners for r in listener.get("tls", {}).get("certificateRefs", ())]
    yield from (f"Secret {secret} is made by {n} certificates" for secret, n in Counter(made).items() if n > 1)


def _job(job: Manifest) -> Iterator[str]:
    if "ttlSecondsAfterFinished" not in job["spec"]:
        yield "stays when it has ended, and the next version cannot change it"
    notes = job["metadata"].get("annotations", {})
    yield from (f"{key} must be {value}" for key, value in REPLACED.items() if notes.get(key) != value)
