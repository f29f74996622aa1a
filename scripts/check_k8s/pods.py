"""Every pod is hardened, probed, bounded and pinned."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.check_k8s import rights
from scripts.check_k8s.manifests import WORKLOADS, Cluster, Container, Manifest, name, pod_of
from scripts.check_k8s.processes import OURS

POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
CONTAINER = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
LEAST_USER = 10_000
"""Below are the users that images and hosts define for themselves."""

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
LEAST_START_S = 60
MARGIN_S = 120
"""What a rollout may take beside ending and starting: scheduling, pulling the image."""


def problems(cluster: Cluster) -> Iterator[str]:
    """Pods that may do more, use more or be known less than they must."""
    for workload in cluster.of(*WORKLOADS):
        yield from (f"{workload['kind']} {name(workload)}: {text}" for text in _pod(workload))
    for container in cluster.containers():
        yield from (f"{container.where}: {text}" for text in _container(container))
        if container.main and container.workload["kind"] != "Job":
            yield from (f"{container.where}: {text}" for text in _probes(container))
    for account in cluster.of("ServiceAccount"):
        if account.get("automountServiceAccountToken") is not False:
            yield f"ServiceAccount {name(account)}: hands out tokens for the cluster's API"


def _pod(workload: Manifest) -> Iterator[str]:
    pod = pod_of(workload)
    security = pod.get("securityContext", {})
    yield from (f"{key} must be {value}" for key, value in POD.items() if security.get(key) != value)
    if security.get("runAsUser", 0) < LEAST_USER:
        yield "runs as a user that an image or a node may know"
    if pod.get("automountServiceAccountToken") is not False and name(workload) not in rights.RIGHTS:
        yield "has a token for the cluster's API"
    if pod.get("serviceAccountName") != name(workload):
        yield "has no ServiceAccount of its own"
    if forbidden := {"hostNetwork", "hostPID", "hostIPC"} & pod.keys():
        yield f"shares {sorted(forbidden)} with its node"
    if workload["kind"] == "Deployment" and (needed_s := _longest_step_s(workload)) > _deadline_s(workload):
        yield f"a rollout is given up after {_deadline_s(workload)} s, though one step may take {needed_s}"
    if workload["kind"] == "Deployment" and workload["spec"]["template"]["spec"].get("nodeSelector") is None:
        keys = {spread["topologyKey"] for spread in pod.get("topologySpreadConstraints", ())}
        if keys != {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}:
            yield "is not spread over nodes and zones"


def _longest_step_s(workload: Manifest) -> int:
    """Until one more replica is ready: its predecessor ends first where there is no surge, then it starts."""
    pod = pod_of(workload)
    start = pod["containers"][0].get("startupProbe", {"periodSeconds": 0, "failureThreshold": 0})
    ends_first = not workload["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
    ends_s = pod.get("terminationGracePeriodSeconds", 30) if ends_first else 0
    return int(ends_s + start["periodSeconds"] * start["failureThreshold"] + MARGIN_S)


def _deadline_s(workload: Manifest) -> int:
    return int(workload["spec"].get("progressDeadlineSeconds", 600))


def _container(container: Container) -> Iterator[str]:
    security = container.spec.get("securityContext", {})
    yield from (f"{key} must be {value}" for key, value in CONTAINER.items() if security.get(key) != value)
    if security.get("privileged"):
        yield "is privileged"
    for bound in ("requests", "limits"):
        missing = {"cpu", "memory", "ephemeral-storage"} - container.spec.get("resources", {}).get(bound, {}).keys()
        if missing:
            yield f"has no {bound} for {sorted(missing)}"
    image, _, tag = container.spec["image"].rpartition(":")
    if not image or "/" in tag or tag == "latest":
        yield f"{container.spec['image']} is not pinned"


def _probes(container: Container) -> Iterator[str]:
    for kind in PROBES:
        probe = container.spec.get(kind)
        if probe is None:
            yield f"has no {kind}"
            continue
        yield from (f"{kind}: {text}" for text in _probe(container, probe))
    if (start := container.spec.get("startupProbe")) and start["periodSeconds"] * start["failureThreshold"] < (
        LEAST_START_S
    ):
        yield "has less than a minute to start"


def _probe(container: Container, probe: Manifest) -> Iterator[str]:
    ours = OURS in container.spec["image"]
    if grpc := probe.get("grpc"):
        if grpc["port"] not in container.ports.values():
            yield f"no container port is {grpc['port']}"
        service = container.spec["name"]
        if ours and grpc.get("service") != f"interview.{service}.v1.{service.title()}Service":
            yield f"asks for {grpc.get('service')}"
    elif http := probe.get("httpGet"):
        if http["path"] == "/metrics":
            yield "/metrics answers whatever the process can do"
        if http["port"] not in container.ports:
            yield f"no container port is called {http['port']}"
        hosts = [header["value"] for header in http.get("httpHeaders", ()) if header["name"] == "Host"]
        if ours and http["port"] == "http" and hosts != ["localhost"]:
            yield "the gateway answers strangers' host names with 403; the probe must send Host: localhost"
