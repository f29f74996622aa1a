"""Ports, addresses, drain times and weights: what several objects and the settings must agree about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bench import seconds
from orchestrator.worker import DRAIN
from scripts.check_k8s.manifests import WORKLOADS, Cluster, Container, name, pod_of
from scripts.check_k8s.processes import OURS, Process, processes
from servicekit.weights.catalogue import EMBEDDED, HUB

PORTS = {"port": ("grpc", "http"), "metrics_port": ("metrics",), "health_port": ("health",)}
"""Settings that name a port, and what the container calls it."""

MODELS = ("model", "identity_model", "llamacpp_model")
DRAINS_S = {"orchestrator.worker": DRAIN.total_seconds(), "orchestrator.scaledown": 0.0}
"""Of processes that serve no calls, and so have no setting for it."""

LEAST_MARGIN_S = 15
"""What a process may take to end after its calls have, seconds."""

SMALL = frozenset({"local"})
"""Overlays for one machine, which ask for less than they may come to use."""

MOST_CONNECTIONS = 97
"""What PostgreSQL takes by default; three more are its administrators'."""


def problems(cluster: Cluster) -> Iterator[str]:
    """Everything that does not agree."""
    for process in processes(cluster):
        if process.container.main:
            yield from (f"{process.container.where}: {text}" for text in _one(cluster, process))
    if cluster.find("StatefulSet", "postgres") and (most := _connections(cluster)) > MOST_CONNECTIONS:
        yield f"all replicas together open {most} connections to PostgreSQL, which takes {MOST_CONNECTIONS}"


def _one(cluster: Cluster, process: Process) -> Iterator[str]:
    settings = process.settings().model_dump()
    yield from _ports(process.container, settings)
    yield from _targets(cluster, settings)
    yield from _drain(process, settings)
    yield from _weights(cluster, process, settings)
    yield from _threads(process, settings)
    yield from _scratch(process, settings)
    if cluster.overlay not in SMALL:
        yield from _memory(process)
    if "backends" in settings and len(process.settings().backend_names) > 1:  # type: ignore[attr-defined]
        yield f"falls back to another rater ({settings['backends']}), which rates candidates of one job differently"
    if settings.get("tls_cert_file"):
        yield from _certificates(cluster, process, settings)


def _ports(container: Container, settings: dict[str, Any]) -> Iterator[str]:
    if "host" in settings and settings["host"] not in ("0.0.0.0", "::"):
        yield f"listens on {settings['host']}: nobody else reaches it"
    if "metrics_port" in settings and not settings["metrics_port"]:
        yield "tells no metrics"
    for setting, names in PORTS.items():
        wanted = {settings[setting]} - {0} if setting in settings else set()
        found = {port for called, port in container.ports.items() if called in names}
        if wanted != found:
            yield f"setting {setting} is {wanted or 'none'}, container ports {'/'.join(names)} are {found or 'none'}"


def _targets(cluster: Cluster, settings: dict[str, Any]) -> Iterator[str]:
    """Addresses without a dot are Services of this namespace."""
    for setting, value in settings.items():
        if not (setting.endswith(("_target", "_address", "_url", "_endpoint")) and isinstance(value, str) and value):
            continue
        address = urlsplit(value if "://" in value else f"//{value}")
        if address.hostname is None or "." in address.hostname or address.hostname == "localhost":
            continue
        service = cluster.find("Service", address.hostname)
        if service is None:
            yield f"{setting}={value}: there is no such Service"
        elif address.port not in [port["port"] for port in service["spec"]["ports"]]:
            yield f"{setting}={value}: the Service has no such port"


def _drain(process: Process, settings: dict[str, Any]) -> Iterator[str]:
    pod = pod_of(process.container.workload)
    if process.container.workload["kind"] == "Job":
        return
    drain_s = DRAINS_S[process.module] if process.module in DRAINS_S else settings["drain_timeout_s"]
    pause_s = process.container.spec.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    if pod["terminationGracePeriodSeconds"] < pause_s + drain_s + LEAST_MARGIN_S:
        yield f"is killed before {pause_s} s of preStop and {drain_s:.0f} s of draining are over"
    if "port" in settings and not pause_s:
        yield "has no preStop pause: it refuses calls before everybody knows that it is leaving"


def _weights(cluster: Cluster, process: Process, settings: dict[str, Any]) -> Iterator[str]:
    """Named weights are in the image volume, or waited for by the pod and laid out by the Job."""
    needed = {settings[m] for m in MODELS if settings.get(m) in EMBEDDED.keys() | HUB.keys()}
    if images := [v["image"]["reference"] for v in pod_of(process.container.workload)["volumes"] if "image" in v]:
        tag = images[0].rpartition(":")[2]
        held = HUB.keys() & {tag.partition("-")[2]} or EMBEDDED.keys()
        if needed - held:
            yield f"needs the weights {sorted(needed - held)}, which are not in {images[0]}"
        return
    first = pod_of(process.container.workload).get("initContainers", ())
    waited = {word for spec in first if "servicekit.weights" in spec["args"] for word in spec["args"]}
    job = cluster.find("Job", "weights")
    command = pod_of(job)["containers"][0]["args"] if job else []
    laid_out = set(command[command.index("install") + 1 :] or EMBEDDED) if command else set()
    if needed - waited:
        yield f"starts before its weights {sorted(needed - waited)} are there"
    if needed - laid_out:
        yield f"needs the weights {sorted(needed - laid_out)}, which the Job does not lay out"


def _threads(process: Process, settings: dict[str, Any]) -> Iterator[str]:
    """A model uses the cores that its pod may have: no more, which would be throttled, and no fewer."""
    cores = float(process.container.spec["resources"]["limits"]["cpu"])
    fixed = settings.get("threads", 0)
    if fixed > cores or (0 < fixed < cores and "llamacpp_model" in settings):
        yield f"computes with {fixed} threads on {cores:g} cores"


def _scratch(process: Process, settings: dict[str, Any]) -> Iterator[str]:
    """As many of the largest recordings as a process has on its disk at a time have room there."""
    if "max_recordings" not in settings:
        return
    volumes = pod_of(process.container.workload)["volumes"]
    room = next(volume["emptyDir"]["sizeLimit"] for volume in volumes if volume["name"] == "scratch")
    count, largest = settings["max_recordings"], settings["max_download_bytes"]
    if count * largest > bytes_of(room):
        yield f"has {room} for {count} recordings of {largest} bytes"


def _memory(process: Process) -> Iterator[str]:
    """A pod that uses more than it asked for is the first to go when its node runs short."""
    spec = process.container.spec
    measured_mb = seconds.read().get(spec["name"], {}).get("memory_mb", 0)
    if bytes_of(asked := spec["resources"]["requests"]["memory"]) < measured_mb * 1e6:
        yield f"asks for {asked} of memory and was seen to use {measured_mb} MB"


def bytes_of(quantity: str) -> int:
    """Of a quantity such as `1792Mi`."""
    number, unit = quantity[:-2], quantity[-2:]
    return int(number) << {"Ki": 10, "Mi": 20, "Gi": 30}[unit]


def _certificates(cluster: Cluster, process: Process, settings: dict[str, Any]) -> Iterator[str]:
    """The files are mounted, the certificate has the name that clients ask for, and the kubelet needs none."""
    workload, spec = process.container.workload, process.container.spec
    folders = tuple(f"{mount['mountPath']}/" for mount in spec.get("volumeMounts", ()))
    for setting in ("tls_cert_file", "tls_key_file", "tls_ca_file"):
        if not settings[setting].startswith(folders):
            yield f"{setting}={settings[setting]} is in no volume"
    secrets = [volume["secret"]["secretName"] for volume in pod_of(workload)["volumes"] if "secret" in volume]
    names = {n for c in cluster.of("Certificate") if c["spec"]["secretName"] in secrets for n in c["spec"]["dnsNames"]}
    if name(workload) not in names:
        yield f"shows a certificate for {sorted(names)}, but is called {name(workload)}"
    for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
        if spec[kind].get("grpc", {}).get("port", 0) == settings.get("port"):
            yield f"{kind}: the kubelet has no certificate to show on this port"


def _connections(cluster: Cluster) -> int:
    """Of all replicas of everything that opens the database, when each is scaled as far as it may be."""
    found = 0
    for process in processes(cluster):
        pool = process.settings().model_dump().get("database_pool_size", 0)
        if process.container.main and process.container.workload["kind"] == "Deployment":
            found += pool * most_replicas(cluster, name(process.container.workload))
    return found


def most_replicas(cluster: Cluster, workload: str) -> int:
    """Of a Deployment, when it is scaled as far as it may be."""
    if scaler := cluster.find("HorizontalPodAutoscaler", workload):
        return int(scaler["spec"]["maxReplicas"])
    if scaler := cluster.find("ScaledObject", workload):
        return int(scaler["spec"]["maxReplicaCount"])
    deployment = cluster.find("Deployment", workload)
    return int(deployment["spec"]["replicas"]) if deployment else 0


def version_problems(cluster: Cluster, version: str) -> Iterator[str]:
    """Images of ours carry the version of this tree, those that are mounted too."""
    for where, image in _images(cluster):
        if OURS in image and image.rpartition(":")[2].partition("-")[0] != version:
            yield f"{where}: {image} is not of version {version}"


def _images(cluster: Cluster) -> Iterator[tuple[str, str]]:
    for container in cluster.containers():
        yield container.where, container.spec["image"]
    for workload in cluster.of(*WORKLOADS):
        for volume in pod_of(workload).get("volumes", ()):
            if "image" in volume:
                yield f"{workload['kind']} {name(workload)}, volume {volume['name']}", volume["image"]["reference"]
