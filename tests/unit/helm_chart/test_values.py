"""What an owner of a cluster can say, and what is refused."""

from __future__ import annotations

from typing import Any

import helm_python
import pytest
import yaml

from scripts.check_k8s.manifests import Cluster, pod_of
from scripts.helm_chart import rendered
from scripts.helm_chart.chart import CHART
from scripts.helm_chart.descriptions import DESCRIPTIONS, described
from scripts.helm_chart.trees import Tree, merged
from tests.support.k8s import main, settings, the, variable

DIGEST = f"sha256:{'a' * 64}"


def made(**values: Any) -> Cluster:
    return Cluster("", rendered.manifests(values))


def paths(values: dict[str, Tree], path: str = "") -> list[str]:
    found = []
    for key, value in values.items():
        here = f"{path}.{key}".lstrip(".")
        found += paths(value, here) if isinstance(value, dict) and value else [here]
    return found


def test_an_image_has_the_owners_registry_tag_and_digest() -> None:
    image = {"registry": "registry.example.org/hr/", "tag": "2.0.0", "digests": {"interview/judge": DIGEST}}
    found = made(image={**image, "pullSecrets": ["registry"]}, components={"gpu": True})
    assert main(found, "gateway")["image"] == "registry.example.org/hr/interview/gateway:2.0.0"
    assert main(found, "judge")["image"] == f"registry.example.org/hr/interview/judge@{DIGEST}"
    assert main(found, "transcriber")["image"] == "registry.example.org/hr/interview/transcriber:2.0.0-cuda"
    pod = pod_of(the(found, "Deployment", "gateway"))
    assert pod["imagePullSecrets"] == [{"name": "registry"}]
    weights = [v for v in pod_of(the(found, "Deployment", "judge"))["volumes"] if v["name"] == "models"]
    assert weights[0]["image"]["reference"] == "registry.example.org/hr/interview/weights:2.0.0"


def test_replicas_and_resources_are_the_owners() -> None:
    found = made(
        services={"judge": {"replicas": 7, "resources": {"requests": {"cpu": "3"}, "limits": {"hugepages": 1}}}}
    )
    assert the(found, "Deployment", "judge")["spec"]["replicas"] == 7
    resources = main(found, "judge")["resources"]
    assert resources["requests"]["cpu"] == "3"
    assert resources["limits"]["hugepages"] == 1
    assert resources["requests"].keys() == {"cpu", "memory", "ephemeral-storage"}, "the others stay"


def test_scaling_has_the_owners_bounds_and_no_fixed_number() -> None:
    scaling = {"min": 3, "max": 9, "target": 11}
    found = made(components={"autoscaling": True, "observability": True}, services={"judge": {"scaling": scaling}})
    scaler = the(found, "ScaledObject", "judge")["spec"]
    assert (scaler["minReplicaCount"], scaler["maxReplicaCount"]) == (3, 9)
    assert scaler["triggers"][0]["metadata"]["threshold"] == "11"
    assert "replicas" not in the(found, "Deployment", "judge")["spec"]


def test_without_scaling_nothing_is_scaled() -> None:
    assert not made().of("HorizontalPodAutoscaler", "ScaledObject")


@pytest.mark.parametrize("way", ["ingress", "gatewayApi"])
def test_the_host_is_the_one_of_the_public_address(way: str) -> None:
    found = made(components={way: True}, gateway={"publicUrl": "https://hr.example.com"})
    assert settings(found, "gateway")["GATEWAY_PUBLIC_URL"] == "https://hr.example.com"
    if way == "ingress":
        spec = the(found, "Ingress", "gateway")["spec"]
        assert {spec["rules"][0]["host"], *spec["tls"][0]["hosts"]} == {"hr.example.com"}
    else:
        listener = the(found, "Gateway", "gateway")["spec"]["listeners"][0]["hostname"]
        assert {listener, *the(found, "HTTPRoute", "gateway")["spec"]["hostnames"]} == {"hr.example.com"}


def test_state_has_the_owners_addresses_and_names() -> None:
    found = made(
        temporal={"address": "temporal.example.com:7233"},
        objectStore={"uri": "s3://mine"},
        database={"cidr": "10.9.0.0/16"},
        secrets={"database": "my-database"},
    )
    assert settings(found, "temporal")["INTERVIEW_TEMPORAL_ADDRESS"] == "temporal.example.com:7233"
    assert settings(found, "object-store")["INTERVIEW_OBJECT_STORE"] == "s3://mine"
    block = the(found, "NetworkPolicy", "managed-database")["spec"]["egress"][0]["to"][0]["ipBlock"]
    assert block == {"cidr": "10.9.0.0/16"}
    reference = variable(found, "worker", "INTERVIEW_DATABASE_URL")["valueFrom"]["secretKeyRef"]
    assert reference["name"] == "my-database"


def test_storage_has_the_owners_class() -> None:
    own = {"storage": {"postgres": {"className": "fast", "size": "90Gi"}, "models": {"className": "files"}}}
    found = made(components={"postgres": True, "weightsVolume": True}, **own)
    claim = the(found, "StatefulSet", "postgres")["spec"]["volumeClaimTemplates"][0]["spec"]
    assert claim["storageClassName"] == "fast"
    assert claim["resources"]["requests"]["storage"] == "90Gi"
    assert the(found, "PersistentVolumeClaim", "models")["spec"]["storageClassName"] == "files"


def test_a_part_of_a_gpu_with_a_runtime_of_its_own() -> None:
    found = made(components={"gpu": True}, gpu={"resource": "nvidia.com/mig-1g.10gb", "runtimeClassName": "nvidia"})
    assert main(found, "transcriber")["resources"]["limits"]["nvidia.com/mig-1g.10gb"] == "1"
    assert pod_of(the(found, "Deployment", "transcriber"))["runtimeClassName"] == "nvidia"
    assert "runtimeClassName" not in pod_of(the(found, "Deployment", "judge"))


def test_the_judges_engine_is_another_setting() -> None:
    own = {"JUDGE_OPENAI_URL": "http://engine:8000/v1", "JUDGE_BACKENDS": "openai"}
    assert settings(made(settings={"judge": own}), "judge").items() >= own.items()


def test_another_setting_starts_the_pods_that_read_it_again() -> None:
    def marks(found: Cluster) -> dict[str, str]:
        templates = {d["metadata"]["name"]: d["spec"]["template"]["metadata"] for d in found.of("Deployment")}
        return {name: metadata["annotations"][rendered.CHECKSUM] for name, metadata in templates.items()}

    before, after = marks(made()), marks(made(settings={"judge": {"JUDGE_THREADS": "2"}}))
    assert {name for name in before if before[name] != after[name]} == {"judge"}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"componnents": {}}, "componnents"),
    ({"services": {"jury": {}}}, "jury"),
    ({"services": {"judge": {"replicas": "two"}}}, "replicas"),
    ({"services": {"judge": {"replicas": -1}}}, "replicas"),
    ({"components": {"gpu": "yes"}}, "gpu"),
    ({"components": {"ingress": True, "gatewayApi": True}}, "allOf"),
    ({"components": {"temporalDev": True}}, "allOf"),
    ({"components": {"gpu": True, "weightsVolume": True}}, "allOf"),
    ({"components": {"managedState": False}}, "allOf"),
    ({"settings": {"judge": {"JUDGE_THREADS": 2}}}, "JUDGE_THREADS"),
    ({"settings": {"judge": {"judge_threads": "2"}}}, "judge_threads"),
    ({"image": {"digests": {"interview/judge": "latest"}}}, "digests"),
    ({"gateway": {"publicUrl": "hr.example.com"}}, "publicUrl"),
    ({"temporal": {"address": "temporal"}}, "address"),
]


@pytest.mark.parametrize(("values", "message"), REFUSED, ids=[str(values) for values, _ in REFUSED])
def test_a_value_that_cannot_be_meant_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(helm_python.HelmError, match=message):
        rendered.manifests(values)


def test_every_value_is_explained_and_nothing_else() -> None:
    """By itself, or by what it is a part of."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    known = merged(values, {})
    for path in paths(known):
        parts = path.split(".")
        assert any(described(".".join(parts[: n + 1])) for n in range(len(parts))), path
    everything = {".".join(p.split(".")[: n + 1]) for p in paths(known) for n in range(p.count(".") + 1)}
    unused = {pattern for pattern in DESCRIPTIONS if not any(described(p) == DESCRIPTIONS[pattern] for p in everything)}
    assert unused == set()


def test_helm_finds_nothing_to_say() -> None:
    found = helm_python.lint(str(CHART), strict=True, kube_version="v1.36.0")
    assert not [message for message in found["messages"] if message["severity"] > 1], found
    assert not found["errors"]
