"""Which places a value fills, and where a chart adds what the manifests do not have."""

from __future__ import annotations

from collections.abc import Callable

from orchestrator.workflows.queues import QUEUES
from scripts.check_k8s.manifests import WORKLOADS
from scripts.helm_chart.kustomized import PUBLIC_URL
from scripts.helm_chart.places import Hole, Place, camel, follows, given, number
from scripts.helm_chart.trees import Tree, plain

POD = ("spec", "template", "spec")
IMAGES = ("interview/", "interview-weights/")
"""Built here, pushed into the owner's registry; the others are public."""

VERSION_TAG = "0.1.0"
SECRETS = {
    "interview-database": "database",
    "interview-object-store": "objectStore",
    "interview-gateway": "gateway",
    "interview-webhook": "webhook",
    "interview-judge": "judge",
    "interview-weights": "weights",
}
SETTINGS = {
    "GATEWAY_PUBLIC_URL": "gateway.publicUrl",
    "GATEWAY_OIDC_ISSUER": "oidc.issuer",
    "GATEWAY_OIDC_AUDIENCE": "oidc.audience",
    "INTERVIEW_OBJECT_STORE": "objectStore.uri",
    "INTERVIEW_S3_REGION": "objectStore.region",
    "INTERVIEW_TEMPORAL_ADDRESS": "temporal.address",
    "INTERVIEW_TEMPORAL_NAMESPACE": "temporal.namespace",
    "INTERVIEW_TASK_QUEUE": "temporal.taskQueue",
    "INTERVIEW_OTLP_ENDPOINT": "observability.otlpEndpoint",
}
INSIDE = {("INTERVIEW_TEMPORAL_ADDRESS", "temporal:7233")}
"""Addresses within the namespace, which a component brings itself."""

HOST = '{{ include "interview.host" . | quote }}'


def find(place: Place, value: Tree) -> Hole | None:
    """What fills this place of the manifests, where `value` stands."""
    return next((hole for rule in RULES if (hole := rule(place, value))), None)


def _image(place: Place, value: Tree) -> Hole | None:
    if not isinstance(value, str) or not (place.ends("image") or place.ends("image", "reference")):
        return None
    name, _, tag = value.rpartition(":")
    if not name.startswith(IMAGES):
        return given(f"images.{camel(place.keys[-2])}", value)
    ours, suffix = tag.startswith(VERSION_TAG), tag.removeprefix(VERSION_TAG)
    version = f'"" "{suffix}"' if ours else f'"{tag}" ""'
    return follows(f'{{{{ include "interview.image" (list . "{name}" {version}) | quote }}}}')


def _secret(place: Place, value: Tree) -> Hole | None:
    if place.ends("secretKeyRef", "name") and value in SECRETS:
        return given(f"secrets.{SECRETS[value]}", value)
    return None


def _setting(place: Place, value: Tree) -> Hole | None:
    key = place.keys[-1] if place.kind == "ConfigMap" and place.among("data", "*") else ""
    return given(SETTINGS[key], value) if key in SETTINGS and (key, value) not in INSIDE else None


def _replicas(place: Place, value: Tree) -> Hole | None:
    fixed = place.kind == "Deployment" and place.among("spec", "replicas")
    return given(f"services.{place.part}.replicas", value) if fixed else None


HPA = {
    ("spec", "minReplicas"): "min",
    ("spec", "maxReplicas"): "max",
    ("spec", "metrics", "0", "resource", "target", "averageUtilization"): "cpuPercent",
}
KEDA = {
    ("spec", "minReplicaCount"): "min",
    ("spec", "maxReplicaCount"): "max",
    ("spec", "cooldownPeriod"): "cooldownS",
    ("spec", "fallback", "replicas"): "fallback",
    ("spec", "triggers", "demand", "metadata", "threshold"): "target",
    ("spec", "triggers", "requests", "metadata", "threshold"): "target",
    ("spec", "triggers", "backlog", "metadata", "targetQueueSize"): "backlog",
}
TRIGGER = {
    "serverAddress": "observability.prometheus",
    "endpoint": "temporal.address",
    "namespace": "temporal.namespace",
    "taskQueue": "temporal.taskQueue",
}


def _scaling(place: Place, value: Tree) -> Hole | None:
    rules = {"HorizontalPodAutoscaler": HPA, "ScaledObject": KEDA}.get(place.kind, {})
    keys = tuple("backlog" if key.startswith("backlog-") else key for key in place.keys)
    if word := rules.get(keys):
        path = f"services.{place.part}.scaling.{word}"
        return number(path, value) if isinstance(value, str) else given(path, value)
    if place.ends("triggers", "*", "metadata", "*") and place.keys[-1] in TRIGGER:
        return _queue(str(value)) if place.keys[-1] == "taskQueue" else given(TRIGGER[place.keys[-1]], value)
    return None


def _queue(name: str) -> Hole:
    """Queues of services' calls are named after that of the workflows."""
    service = next((queue for queue in QUEUES if name.endswith(f"-{queue}")), "")
    if not service:
        return given("temporal.taskQueue", name)
    return follows(f'{{{{ printf "%s-{service}" .Values.temporal.taskQueue | quote }}}}')


DOORS: dict[tuple[str, ...], Hole] = {
    ("Ingress", "spec", "rules", "0", "host"): follows(HOST),
    ("Ingress", "spec", "tls", "0", "hosts", "0"): follows(HOST),
    ("Gateway", "spec", "listeners", "https", "hostname"): follows(HOST),
    ("HTTPRoute", "spec", "hostnames", "0"): follows(HOST),
    ("Ingress", "spec", "ingressClassName"): given("ingress.className", "nginx"),
    ("Gateway", "spec", "gatewayClassName"): given("gatewayApi.className", "envoy"),
}
CONTROLLERS = {"ingress-nginx": "ingress", "envoy-gateway-system": "gatewayApi", "envoy": "gatewayApi"}
"""Namespaces and names of the pods through which requests come."""

RANGES = {"managed-database": "database.cidr", "managed-object-store": "objectStore.cidr"}


def _way(place: Place, value: Tree) -> Hole | None:
    if door := DOORS.get((place.kind, *place.keys)):
        return door
    if place.ends("annotations", "cert-manager.io/cluster-issuer"):
        return given("gateway.clusterIssuer", value)
    if place.kind == "NetworkPolicy" and place.name in RANGES and place.ends("ipBlock", "cidr"):
        return given(RANGES[place.name], value)
    if place.name == "gateway-ingress" and place.ends("matchLabels", "*") and value in CONTROLLERS:
        word = "podName" if place.ends("podSelector", "*", "*") else "namespace"
        return given(f"{CONTROLLERS[value]}.{word}", value)
    return None


def _storage(place: Place, value: Tree) -> Hole | None:
    claim = place.kind == "PersistentVolumeClaim"
    part = place.part if claim else camel(place.name)
    if claim and place.among("spec", "accessModes"):
        return given(f"storage.{part}.accessModes", plain(value), block=True)
    if claim and place.among("spec", "storageClassName"):
        return given(f"storage.{part}.className", value, optional=True)
    if place.ends("spec", "resources", "requests", "storage"):
        return given(f"storage.{part}.size", value)
    return None


def _gpu(place: Place, value: Tree) -> Hole | None:
    gpus = place.among(*POD, "nodeSelector") or place.among(*POD, "tolerations")
    return given(f"gpu.{place.keys[-1]}", plain(value), block=True) if gpus else None


def _release(place: Place, _: Tree) -> Hole | None:
    """The owner's namespace, and Jobs of each revision: nobody can change one."""
    if place.among("metadata", "namespace") or (place.kind == "RoleBinding" and place.ends("*", "*", "namespace")):
        return follows("{{ .Release.Namespace }}")
    named = place.kind == "Job" and place.among("metadata", "name")
    return follows(f"{place.name}-{{{{ .Release.Revision }}}}") if named else None


RULES: tuple[Callable[[Place, Tree], Hole | None], ...] = (
    _image,
    _secret,
    _setting,
    _replicas,
    _scaling,
    _way,
    _storage,
    _gpu,
    _release,
)


def opened(place: Place) -> str:
    """The path of the value that is laid over the mapping at this place; empty for most."""
    if place.kind == "ConfigMap" and place.keys == ("data",) and place.name.endswith("-settings"):
        return f"settings.{camel(place.name.removesuffix('-settings'))}"
    main = (*POD, "containers", place.name, "resources")
    return f"services.{place.part}.resources" if place.kind in WORKLOADS and place.keys == main else ""


def key_of(place: Place) -> str:
    """The last key; what kind of GPU is asked for differs between clusters."""
    return "{{ .Values.gpu.resource }}" if place.keys[-1] == "nvidia.com/gpu" else place.keys[-1]


def defaults() -> dict[str, object]:
    """Values that no place of the manifests shows, by path."""
    return {
        "image.registry": "",
        "image.tag": "",
        "image.digests": {},
        "image.pullSecrets": [],
        "gateway.publicUrl": PUBLIC_URL,
        "gpu.resource": "nvidia.com/gpu",
        "gpu.runtimeClassName": "",
    }
