"""Every overlay is right, and every check sees what it is there for: one thing is broken, one message says so."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import grpc
import httpx
import pytest

from gateway.app import create_app
from gateway.orchestrator import Sessions
from gateway.settings import GatewaySettings
from orchestrator.settings import DatabaseSettings, TemporalSettings
from scripts.check_k8s import agreement, network, pods, processes, references, schemas
from scripts.check_k8s.__main__ import problems
from scripts.check_k8s.calls import CALLS, READERS
from scripts.check_k8s.manifests import OVERLAYS, Cluster, overlays, pod_of, render
from servicekit.media import MediaStore
from servicekit.settings import ModelSettings, StoreSettings
from tests.support.k8s import Break, drop, main, settings, the, variable


@pytest.fixture(scope="module")
def rendered() -> dict[str, Cluster]:
    return {overlay: render(overlay) for overlay in overlays()}


@pytest.fixture
def cluster(rendered: dict[str, Cluster]) -> Cluster:
    """A copy that a test may break."""
    return copy.deepcopy(rendered["staging"])


@pytest.mark.parametrize("overlay", overlays())
def test_an_overlay_is_right(overlay: str, rendered: dict[str, Cluster]) -> None:
    assert list(problems(rendered[overlay])) == []


def test_there_is_an_overlay_for_each_place() -> None:
    assert overlays() == ["local", "production", "staging"]


def test_every_component_is_explained_and_used(rendered: dict[str, Cluster]) -> None:
    folders = {path.parent.name for path in OVERLAYS.parent.glob("components/*/kustomization.yaml")}
    assert folders == {path.parent.name for path in OVERLAYS.parent.glob("components/*/README.md")}
    assert folders == set().union(*(cluster.components for cluster in rendered.values()))


SCHEMAS: list[tuple[Break, str]] = [
    (lambda c: main(c, "judge").update(imagePullPollicy="Always"), "imagePullPollicy"),
    (lambda c: the(c, "Service", "gateway")["spec"]["ports"][0].update(port="http"), "not of type 'integer'"),
    (lambda c: the(c, "Deployment", "judge").update(apiVersion="apps/v1beta1"), "no definition here"),
    (lambda c: the(c, "ScaledObject", "judge")["spec"].update(coolPeriod=3), "coolPeriod is not known"),
    (lambda c: the(c, "ScaledObject", "judge")["spec"].update(maxReplicaCount="many"), "not of type 'integer'"),
    (
        lambda c: the(c, "ScaledObject", "judge")["spec"]["triggers"][0]["metadata"].update(thresold="3"),
        "prometheus reads no thresold",
    ),
    (lambda c: the(c, "PodMonitor", "interview")["spec"].update(selectr={}), "spec.selectr is not known"),
    (
        lambda c: the(c, "PrometheusRule", "interview")["spec"]["groups"][0]["rules"][0].update(four="5m"),
        "four is not known",
    ),
    (
        lambda c: c.manifests.append(
            {"apiVersion": "cert-manager.io/v1", "kind": "Issuer", "metadata": {"name": "ours"}, "spec": {"caa": {}}}
        ),
        "spec.caa is not known",
    ),
    (lambda c: the(c, "ScaledObject", "judge")["spec"]["fallback"].update(behavior="grow"), "is not one of"),
]

REFERENCES: list[tuple[Break, str]] = [
    (lambda c: the(c, "Deployment", "judge")["spec"]["selector"]["matchLabels"].clear(), "does not find its pods"),
    (
        lambda c: the(c, "Service", "judge")["spec"]["selector"].update({"app.kubernetes.io/name": "jugde"}),
        "selects []",
    ),
    (lambda c: the(c, "Service", "judge")["spec"].pop("clusterIP"), "make it headless"),
    (lambda c: the(c, "Service", "judge")["spec"]["ports"][0].update(port=50055), "forwards nothing"),
    (lambda c: the(c, "Service", "gateway")["spec"]["ports"][0].update(targetPort="https"), "called https"),
    (
        lambda c: the(c, "PodDisruptionBudget", "judge")["spec"]["selector"]["matchLabels"].clear(),
        "PodDisruptionBudget",
    ),
    (lambda c: drop(c, "PodDisruptionBudget", "judge"), "has no PodDisruptionBudget"),
    (
        lambda c: the(c, "NetworkPolicy", "judge")["spec"]["podSelector"].update(matchLabels={"a": "b"}),
        "selects no pods",
    ),
    (
        lambda c: pod_of(the(c, "Deployment", "judge"))["topologySpreadConstraints"][0]["labelSelector"].clear(),
        "spreads by other pods",
    ),
    (lambda c: main(c, "judge")["envFrom"][0]["configMapRef"].update(name="gone"), "ConfigMap gone does not exist"),
    (lambda c: main(c, "judge")["envFrom"].append({"secretRef": {"name": "all"}}), "takes a whole Secret"),
    (
        lambda c: variable(c, "judge", "JUDGE_DEEPL_KEY")["valueFrom"]["secretKeyRef"].update(name="other"),
        "Secret other with JUDGE_DEEPL_KEY is not in k8s/README.md",
    ),
    (
        lambda c: c.manifests.append(
            {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "s", "namespace": "interview"}}
        ),
        "Secrets are rendered",
    ),
    (lambda c: main(c, "judge")["volumeMounts"].pop(0), "volumes and mounts differ"),
    (lambda c: pod_of(the(c, "Deployment", "judge"))["volumes"][0]["emptyDir"].clear(), "may fill the node"),
    (lambda c: drop(c, "ServiceAccount", "judge"), "its ServiceAccount does not exist"),
    (lambda c: the(c, "ScaledObject", "judge")["spec"]["scaleTargetRef"].update(name="jury"), "jury does not exist"),
    (lambda c: the(c, "Deployment", "judge")["spec"].update(replicas=2), "the target has a fixed number"),
    (
        lambda c: the(c, "ScaledObject", "judge")["spec"]["scaleTargetRef"].update(name="vision"),
        "vision is scaled twice",
    ),
    (lambda c: the(c, "Ingress", "gateway")["spec"]["tls"].clear(), "without TLS"),
    (lambda c: the(c, "Ingress", "gateway")["spec"]["rules"][0].update(host="else.example.org"), "would refuse it"),
    (
        lambda c: the(c, "Ingress", "gateway")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"].update(
            name="portal"
        ),
        "does not exist",
    ),
    (lambda c: the(c, "Service", "judge")["metadata"].update(namespace="default"), "objects lie in the namespaces"),
    (
        lambda c: pod_of(the(c, "Deployment", "judge"))["volumes"].append({"name": "host", "hostPath": {"path": "/"}}),
        "only claims, images, scratch",
    ),
]

PODS: list[tuple[Break, str]] = [
    (lambda c: pod_of(the(c, "Deployment", "judge"))["securityContext"].pop("runAsNonRoot"), "runAsNonRoot must be"),
    (lambda c: pod_of(the(c, "Deployment", "judge"))["securityContext"].update(runAsUser=0), "runs as a user"),
    (lambda c: pod_of(the(c, "Deployment", "judge"))["securityContext"].pop("seccompProfile"), "seccompProfile"),
    (lambda c: pod_of(the(c, "Deployment", "judge")).pop("automountServiceAccountToken"), "has a token"),
    (lambda c: pod_of(the(c, "Deployment", "judge")).update(serviceAccountName="vision"), "ServiceAccount of its own"),
    (lambda c: pod_of(the(c, "Deployment", "judge")).update(hostNetwork=True), "shares ['hostNetwork']"),
    (lambda c: pod_of(the(c, "Deployment", "judge")).pop("topologySpreadConstraints"), "is not spread"),
    (lambda c: main(c, "judge")["securityContext"].update(readOnlyRootFilesystem=False), "readOnlyRootFilesystem"),
    (lambda c: main(c, "judge")["securityContext"]["capabilities"].update(drop=[]), "capabilities must be"),
    (lambda c: main(c, "judge")["securityContext"].update(privileged=True), "is privileged"),
    (lambda c: main(c, "judge")["resources"]["limits"].pop("memory"), "has no limits for ['memory']"),
    (lambda c: main(c, "judge").update(image="registry.example.org:5000/interview/judge"), "is not pinned"),
    (lambda c: main(c, "judge").update(image="interview/judge:latest"), "is not pinned"),
    (lambda c: main(c, "judge").pop("startupProbe"), "has no startupProbe"),
    (lambda c: main(c, "judge")["startupProbe"].update(failureThreshold=3), "less than a minute to start"),
    (lambda c: main(c, "judge")["readinessProbe"]["grpc"].update(port=1), "no container port is 1"),
    (lambda c: main(c, "judge")["readinessProbe"]["grpc"].update(service=""), "asks for"),
    (
        lambda c: main(c, "gateway")["livenessProbe"]["httpGet"].update(port="https"),
        "port is called https",
    ),
    (lambda c: main(c, "gateway")["livenessProbe"]["httpGet"].pop("httpHeaders"), "must send Host: localhost"),
    (lambda c: the(c, "ServiceAccount", "judge").pop("automountServiceAccountToken"), "hands out tokens"),
]

PROCESSES: list[tuple[Break, str]] = [
    (lambda c: variable(c, "judge", "JUDGE_PORT").update(name="JUDGE_PROT"), "JUDGE_PROT is no setting"),
    (lambda c: settings(c, "vision-settings").update(AUDIO_THREADS="1"), "AUDIO_THREADS is no setting"),
    (lambda c: settings(c, "vision-settings").update(VISION_THREADS="many"), "valid integer"),
    (lambda c: variable(c, "gateway", "GATEWAY_SIGN_IN").update(value="false"), "without sign-in anyone could"),
    (lambda c: pod_of(the(c, "Deployment", "judge")).pop("enableServiceLinks"), "enableServiceLinks"),
]

AGREEMENT: list[tuple[Break, str]] = [
    (lambda c: variable(c, "judge", "JUDGE_PORT").update(value="50099"), "setting port is {50099}"),
    (lambda c: variable(c, "judge", "JUDGE_METRICS_PORT").update(value="0"), "tells no metrics"),
    (lambda c: variable(c, "judge", "JUDGE_HOST").update(value="127.0.0.1"), "nobody else reaches it"),
    (lambda c: variable(c, "worker", "WORKER_JUDGE_TARGET").update(value="jury:50054"), "no such Service"),
    (lambda c: variable(c, "worker", "WORKER_JUDGE_TARGET").update(value="judge:50055"), "no such port"),
    (lambda c: settings(c, "object-store").update(INTERVIEW_S3_ENDPOINT="http://store:8333"), "no such Service"),
    (lambda c: variable(c, "judge", "JUDGE_DRAIN_TIMEOUT_S").update(value="300"), "is killed before"),
    (lambda c: pod_of(the(c, "Deployment", "worker")).update(terminationGracePeriodSeconds=15), "is killed before"),
    (lambda c: main(c, "judge").pop("lifecycle"), "has no preStop pause"),
    (lambda c: the(c, "ScaledObject", "worker")["spec"].update(maxReplicaCount=40), "open 210 connections"),
]

CERTIFICATES: list[tuple[Break, str]] = [
    (lambda c: main(c, "judge")["readinessProbe"]["grpc"].update(port=50054), "kubelet has no certificate"),
    (lambda c: the(c, "Certificate", "judge")["spec"].update(dnsNames=["jury"]), "certificate for ['jury']"),
    (lambda c: settings(c, "process").update(INTERVIEW_TLS_CA_FILE="/ca.crt"), "/ca.crt is in no volume"),
    (lambda c: variable(c, "judge", "JUDGE_HEALTH_PORT").update(value="8082"), "setting health_port is {8082}"),
]

NETWORK: list[tuple[Break, str]] = [
    (lambda c: drop(c, "NetworkPolicy", "deny-all"), "a stranger's pod may reach migrate"),
    (lambda c: drop(c, "NetworkPolicy", "names"), "judge cannot reach dns:53"),
    (lambda c: drop(c, "NetworkPolicy", "metrics"), "monitoring cannot reach judge:9090"),
    (lambda c: drop(c, "NetworkPolicy", "temporal-clients"), "worker cannot reach temporal cluster:7233"),
    (
        lambda c: the(c, "NetworkPolicy", "judge")["spec"]["ingress"][0].pop("from"),
        "a stranger's pod may reach judge:50054",
    ),
    (
        lambda c: the(c, "NetworkPolicy", "judge")["spec"]["ingress"][0]["ports"][0].update(port=50055),
        "worker cannot reach judge:50054",
    ),
    (
        lambda c: the(c, "NetworkPolicy", "recordings-and-webhooks")["spec"]["egress"][0]["to"][0]["ipBlock"].pop(
            "except"
        ),
        "worker may reach the cloud's metadata:443",
    ),
    (
        lambda c: the(c, "NetworkPolicy", "recordings-and-webhooks")["spec"].update(podSelector={}),
        "transcriber may reach the internet:443",
    ),
    (
        lambda c: the(c, "NetworkPolicy", "temporal-clients")["spec"]["egress"][0]["to"][0].pop("podSelector"),
        "worker may reach temporal's other parts:7233",
    ),
    (
        lambda c: the(c, "NetworkPolicy", "gateway-ingress")["spec"]["ingress"][0]["from"][0].pop("namespaceSelector"),
        "ingress controller cannot reach gateway:8000",
    ),
]

BROKEN = [
    (check, *case)
    for check, cases in (
        (schemas.problems, SCHEMAS),
        (references.problems, REFERENCES),
        (pods.problems, PODS),
        (processes.problems, PROCESSES),
        (agreement.problems, AGREEMENT),
        (network.problems, NETWORK),
    )
    for case in cases
]


@pytest.mark.parametrize(("check", "breaks", "message"), BROKEN, ids=[message for _, _, message in BROKEN])
def test_a_broken_manifest_is_seen(
    cluster: Cluster, check: Callable[[Cluster], list[str]], breaks: Break, message: str
) -> None:
    breaks(cluster)
    assert [text for text in check(cluster) if message in text], list(check(cluster))


@pytest.mark.parametrize(("breaks", "message"), CERTIFICATES, ids=[message for _, message in CERTIFICATES])
def test_a_broken_certificate_is_seen(rendered: dict[str, Cluster], breaks: Break, message: str) -> None:
    production = copy.deepcopy(rendered["production"])
    breaks(production)
    assert [text for text in agreement.problems(production) if message in text]


def test_another_version_is_seen(cluster: Cluster) -> None:
    found = list(agreement.version_problems(cluster, "9.9.9"))
    for part in ("container judge: ", "volume models: "):
        assert [text for text in found if part in text and "is not of version 9.9.9" in text], part


async def test_the_gateway_answers_the_kubelet(tmp_path: Path) -> None:
    """The kubelet asks the pod's address; the probe's own header is what lets it in."""
    settings = GatewaySettings(INTERVIEW_OBJECT_STORE=str(tmp_path), public_url="https://interviews.example.org")
    async with grpc.aio.insecure_channel("127.0.0.1:9") as channel:
        app = create_app(settings, MediaStore(settings), Sessions(channel, 1.0))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://10.1.2.3:8000") as kubelet:
            for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
                probe = main(render("local"), "gateway")[kind]["httpGet"]
                headers = {header["name"]: header["value"] for header in probe["httpHeaders"]}
                found = await kubelet.get(probe["path"], headers=headers)
                assert found.status_code == (503 if kind == "readinessProbe" else 200)  # there is no orchestrator
                assert (await kubelet.get(probe["path"])).status_code == 403


def processes_with(kind: type) -> set[str]:
    """Which workloads read these settings."""
    found = processes.processes(render("local"))
    return {str(p.container.workload["metadata"]["name"]) for p in found if issubclass(p.kind, kind)}


def callers(server: str) -> set[str]:
    return {call.client for call in CALLS if call.server == server}


def test_the_table_of_calls_is_what_the_settings_say() -> None:
    assert processes_with(StoreSettings) == set(READERS) == callers("object-store")
    # The init containers that wait for the migration read these settings as well, in the same pods.
    assert processes_with(DatabaseSettings) == callers("postgres")
    assert processes_with(TemporalSettings) == callers("temporal") == callers("temporal cluster")
    assert "weights" in processes_with(ModelSettings)
    for process in processes.processes(render("local")):
        caller = process.container.workload["metadata"]["name"]
        for setting in process.kind.model_fields:
            if setting.endswith("_target"):
                assert caller in callers(setting.removesuffix("_target")), f"{caller}: {setting}"
