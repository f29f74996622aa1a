"""Faults that a real cluster showed: each is put back, and a check names it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import pytest

from scripts.check_k8s import agreement, network, pods, processes, references, refusals, rights, scaling
from scripts.check_k8s.manifests import Cluster, pod_of, render
from tests.support.k8s import Break, drop, main, settings, the, variable

Check = Callable[[Cluster], Iterator[str]]


@pytest.fixture(scope="module")
def rendered() -> dict[str, Cluster]:
    return {overlay: render(overlay) for overlay in ("local", "staging", "production")}


def block(cluster: Cluster, policy: str, end: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = the(cluster, "NetworkPolicy", policy)["spec"]["egress"][0]["to"][end]["ipBlock"]
    return found


def metadata(cluster: Cluster, workload: str, trigger: int = 0) -> dict[str, str]:
    found: dict[str, str] = the(cluster, "ScaledObject", workload)["spec"]["triggers"][trigger]["metadata"]
    return found


REFUSED: list[tuple[str, Check, Break, str]] = [
    (
        "staging",
        refusals.problems,
        lambda c: block(c, "recordings-and-webhooks", 1)["except"].append("::ffff:0:0/96"),
        "except ::ffff:0:0/96 is no part of ::/0",
    ),
    (
        "staging",
        refusals.problems,
        lambda c: block(c, "recordings-and-webhooks", 0)["except"].append("0.0.0.0/0"),
        "except 0.0.0.0/0 is no part of 0.0.0.0/0",
    ),
    (
        "production",
        refusals.problems,
        lambda c: the(c, "Gateway", "gateway")["spec"]["listeners"][0]["tls"]["certificateRefs"][0].update(
            name="gateway-tls"
        ),
        "Secret gateway-tls is made by 2 certificates",
    ),
    (
        "local",
        refusals.problems,
        lambda c: the(c, "PersistentVolumeClaim", "models")["spec"].update(accessModes=["ReadWriteMany"]),
        "without a class never binds",
    ),
    (
        "local",
        refusals.problems,
        lambda c: the(c, "Job", "migrate")["spec"].pop("ttlSecondsAfterFinished"),
        "the next version cannot change it",
    ),
    (
        "local",
        refusals.problems,
        lambda c: the(c, "Job", "weights")["metadata"]["annotations"].pop("kustomize.toolkit.fluxcd.io/force"),
        "kustomize.toolkit.fluxcd.io/force must be enabled",
    ),
    (
        "local",
        refusals.problems,
        lambda c: main(c, "judge")["env"].append({"name": "JUDGE_PORT", "value": "1"}),
        "sets JUDGE_PORT twice",
    ),
]

NAMES: list[tuple[str, Check, Break, str]] = [
    (
        "production",
        references.problems,
        lambda c: the(c, "HTTPRoute", "gateway")["spec"].update(hostnames=["else.example.org"]),
        "no listener of gateway has its name",
    ),
    (
        "production",
        references.problems,
        lambda c: the(c, "Gateway", "gateway")["spec"]["listeners"][0].update(protocol="HTTP"),
        "HTTPRoute gateway: without TLS",
    ),
    (
        "production",
        references.problems,
        lambda c: settings(c, "gateway").update(GATEWAY_PUBLIC_URL="https://else.example.org"),
        "the gateway would refuse it",
    ),
    (
        "production",
        references.problems,
        lambda c: the(c, "HTTPRoute", "gateway")["spec"]["rules"][0]["backendRefs"][0].update(port=8000),
        "does not exist",
    ),
    (
        "staging",
        references.problems,
        lambda c: variable(c, "vision", "INTERVIEW_S3_ACCESS_KEY_ID")["valueFrom"]["secretKeyRef"].update(
            key="WORKER_KEY_ID"
        ),
        "WORKER_KEY_ID is shared by vision, worker",
    ),
    (
        "staging",
        references.problems,
        lambda c: variable(c, "orchestrator", "INTERVIEW_DATABASE_URL")["valueFrom"]["secretKeyRef"].update(
            key="WORKER_URL"
        ),
        "WORKER_URL is shared by orchestrator, worker",
    ),
    (
        "staging",
        references.problems,
        lambda c: volume(c, "judge")["image"].update(reference="registry.example.org:5000/weights"),
        "is not pinned",
    ),
    ("local", references.problems, lambda c: drop(c, "PersistentVolumeClaim", "models"), "the claim does not exist"),
]

RUNNING: list[tuple[str, Check, Break, str]] = [
    (
        "staging",
        pods.problems,
        lambda c: main(c, "worker")["readinessProbe"]["httpGet"].update(path="/metrics"),
        "/metrics answers whatever the process can do",
    ),
    (
        "staging",
        pods.problems,
        lambda c: the(c, "Deployment", "transcriber")["spec"].pop("progressDeadlineSeconds"),
        "given up after 600 s, though one step may take 1595",
    ),
    (
        "local",
        agreement.problems,
        lambda c: settings(c, "transcriber").update(TRANSCRIBER_MODEL="large-v3"),
        "starts before its weights",
    ),
    (
        "local",
        agreement.problems,
        lambda c: main(c, "weights", "Job")["args"].append("whisper-base"),
        "which the Job does not lay out",
    ),
    (
        "staging",
        agreement.problems,
        lambda c: settings(c, "transcriber").update(TRANSCRIBER_MODEL="whisper-base"),
        "needs the weights ['whisper-base'], which are not in",
    ),
    ("local", agreement.problems, lambda c: settings(c, "judge").update(JUDGE_THREADS="1"), "1 threads on 2 cores"),
    ("local", agreement.problems, lambda c: settings(c, "vision").update(VISION_THREADS="4"), "4 threads on 2 cores"),
    (
        "production",
        agreement.problems,
        lambda c: settings(c, "judge").update(JUDGE_BACKENDS="openai,llamacpp,rules"),
        "falls back to another rater",
    ),
    (
        "staging",
        agreement.problems,
        lambda c: main(c, "audio")["resources"]["requests"].update(memory="1Gi"),
        "asks for 1Gi of memory and was seen to use 1630 MB",
    ),
    (
        "staging",
        agreement.problems,
        lambda c: settings(c, "worker").update(WORKER_MAX_RECORDINGS="16"),
        "has 20Gi for 16 recordings",
    ),
]

SCALING: list[tuple[str, Check, Break, str]] = [
    ("staging", scaling.problems, lambda c: drop(c, "PodMonitor", "interview"), "nothing scrapes worker"),
    ("production", scaling.problems, lambda c: drop(c, "PodMonitor", "vllm"), "nothing scrapes vllm"),
    (
        "staging",
        scaling.problems,
        lambda c: the(c, "ScaledObject", "worker")["spec"]["fallback"].pop("behavior"),
        "shrinks to a fixed number in an outage",
    ),
    (
        "production",
        scaling.problems,
        lambda c: the(c, "ScaledObject", "vllm")["spec"].update(minReplicaCount=1),
        "PodDisruptionBudget vllm: allows none to be left",
    ),
]

NETWORK: list[tuple[str, Check, Break, str]] = [
    (
        "production",
        network.problems,
        lambda c: drop(c, "NetworkPolicy", "pod-identity"),
        "gateway cannot reach the pods' identities:80",
    ),
    (
        "staging",
        network.problems,
        lambda c: the(c, "NetworkPolicy", "names")["spec"]["egress"][0]["to"].pop(1),
        "judge cannot reach the node's dns cache:53",
    ),
    (
        "staging",
        network.problems,
        lambda c: the(c, "NetworkPolicy", "names")["spec"]["egress"][0]["to"][0]["podSelector"].update(
            matchExpressions=[], matchLabels={"k8s-app": "kube-dns"}
        ),
        "judge cannot reach the dns cache among the pods:53",
    ),
]

SCALING += [
    (
        "production",
        scaling.problems,
        lambda c: drop(c, "ScaledObject", "vllm"),
        "vllm is not scaled by its requests",
    ),
    (
        "production",
        scaling.problems,
        lambda c: metadata(c, "vllm").update(query="sum(vllm:num_requests_running)"),
        "vllm is not scaled by its requests",
    ),
    (
        "staging",
        scaling.problems,
        lambda c: metadata(c, "judge", 1).update(taskQueue="interview-assessment"),
        "ScaledObject judge: scales by another's backlog",
    ),
    (
        "production",
        scaling.problems,
        lambda c: metadata(c, "transcriber", 1).update(taskQueue="interview-transcriber"),
        "ScaledObject transcriber: no worker knows interview-transcriber",
    ),
    (
        "staging",
        scaling.problems,
        lambda c: the(c, "ScaledObject", "worker")["spec"]["triggers"].pop(3),
        "ScaledObject worker: does not see interview-assessment-vision",
    ),
    (
        "local",
        scaling.problems,
        lambda c: settings(c, "worker").update(WORKER_QUEUES="workflows,transcriber,vision,audio"),
        "no worker takes work from interview-assessment-judge",
    ),
]

RIGHTS: list[tuple[str, Check, Break, str]] = [
    (
        "production",
        rights.problems,
        lambda c: the(c, "Role", "scale-down")["rules"][0]["verbs"].append("delete"),
        "scale-down may delete pods, which nothing needs",
    ),
    (
        "production",
        rights.problems,
        lambda c: the(c, "RoleBinding", "scale-down")["subjects"][0].update(name="vision"),
        "vision may patch pods, which nothing needs",
    ),
    ("staging", rights.problems, lambda c: drop(c, "RoleBinding", "scale-down"), "scale-down may not patch pods"),
    (
        "staging",
        rights.problems,
        lambda c: the(c, "RoleBinding", "scale-down")["subjects"][0].update(namespace="default"),
        "scale-down is of another namespace",
    ),
    (
        "staging",
        pods.problems,
        lambda c: pod_of(the(c, "Deployment", "vision")).update(automountServiceAccountToken=True),
        "Deployment vision: has a token for the cluster's API",
    ),
]

FAULTS = [*REFUSED, *NAMES, *RUNNING, *SCALING, *NETWORK, *RIGHTS]


def volume(cluster: Cluster, workload: str) -> dict[str, dict[str, str]]:
    volumes = pod_of(the(cluster, "Deployment", workload))["volumes"]
    found: dict[str, dict[str, str]] = next(v for v in volumes if v["name"] == "models")
    return found


@pytest.mark.parametrize(("overlay", "check", "breaks", "message"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_that_comes_back_is_seen(
    rendered: dict[str, Cluster], overlay: str, check: Check, breaks: Break, message: str
) -> None:
    cluster = copy.deepcopy(rendered[overlay])
    breaks(cluster)
    assert [text for text in check(cluster) if message in text], list(check(cluster))


def test_every_process_that_is_alone_in_a_pod_is_asked_whether_it_is_ready(rendered: dict[str, Cluster]) -> None:
    paths = {
        process.container.spec["readinessProbe"]["httpGet"]["path"]
        for process in processes.processes(rendered["production"])
        if "httpGet" in process.container.spec.get("readinessProbe", {})
    }
    assert paths == {"/readyz"}
