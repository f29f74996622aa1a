"""Objects of operators are held to the operators' own definitions, their rules included."""

from __future__ import annotations

import copy

import pytest
import yaml

from scripts.check_k8s.manifests import ROOT, Cluster, Manifest, render
from scripts.check_k8s.operators import definitions
from scripts.check_k8s.operators.shorten import shortened
from tests.support.k8s import Break, the

LISTENERS = "spec.listeners"


@pytest.fixture(scope="module")
def rendered() -> Cluster:
    return render("production")


def found(manifest: Manifest) -> list[str]:
    return list(definitions.problems(manifest, f"{manifest['apiVersion']} {manifest['kind']}"))


def listeners(cluster: Cluster) -> list[Manifest]:
    given: list[Manifest] = the(cluster, "Gateway", "gateway")["spec"]["listeners"]
    return given


def path(cluster: Cluster) -> Manifest:
    matches = [{"path": {"value": "/"}}]
    the(cluster, "HTTPRoute", "gateway")["spec"]["rules"][0]["matches"] = matches
    return matches[0]["path"]


RULES: list[tuple[str, str, Break, str]] = [
    (
        "Gateway",
        "gateway",
        lambda c: listeners(c)[0].update(protocol="HTTP"),
        "tls must not be specified for protocols",
    ),
    ("Gateway", "gateway", lambda c: listeners(c).append(listeners(c)[0]), "Listener name must be unique"),
    ("HTTPRoute", "gateway", lambda c: path(c).update(value="jobs"), "must be an absolute path and start with '/'"),
    ("HTTPRoute", "gateway", lambda c: path(c).update(value="/a/../b"), "must not contain '/../'"),
    (
        "ScaledObject",
        "judge",
        lambda c: the(c, "ScaledObject", "judge")["spec"].update(minReplicaCount=99),
        "minReplicaCount must be less than or equal to maxReplicaCount",
    ),
    (
        "ScaledObject",
        "judge",
        lambda c: the(c, "ScaledObject", "judge")["spec"].update(minReplicas=1),
        "spec.minReplicas is not known",
    ),
    (
        "Certificate",
        "judge",
        lambda c: the(c, "Certificate", "judge")["spec"]["privateKey"].update(algorithm="ES256"),
        "'ES256' is not one of",
    ),
    (
        "PodMonitor",
        "interview",
        lambda c: the(c, "PodMonitor", "interview")["spec"]["podMetricsEndpoints"][0].update(interval="often"),
        "'often' does not match",
    ),
]


@pytest.mark.parametrize(("kind", "name", "breaks", "message"), RULES, ids=[case[3] for case in RULES])
def test_what_a_definition_forbids_is_seen(
    rendered: Cluster, kind: str, name: str, breaks: Break, message: str
) -> None:
    cluster = copy.deepcopy(rendered)
    assert found(the(cluster, kind, name)) == []
    breaks(cluster)
    assert [text for text in found(the(cluster, kind, name)) if message in text], found(the(cluster, kind, name))


def test_defaults_are_there_before_rules_are_asked(rendered: Cluster) -> None:
    cluster = copy.deepcopy(rendered)
    path(cluster)
    route = the(cluster, "HTTPRoute", "gateway")
    whole = definitions.completed(route, definitions.definitions()["gateway.networking.k8s.io/v1 HTTPRoute"])
    assert whole["spec"]["rules"][0]["matches"][0]["path"] == {"type": "PathPrefix", "value": "/"}
    assert whole["spec"]["parentRefs"][0]["kind"] == "Gateway"


def test_every_kind_that_is_not_kubernetes_own_has_a_definition(rendered: Cluster) -> None:
    foreign = {f"{m['apiVersion']} {m['kind']}" for m in rendered.manifests if "." in m["apiVersion"].split("/")[0]}
    own = {kind for kind in foreign if kind.split("/")[0].endswith((".k8s.io",)) and "gateway." not in kind}
    assert foreign - own == definitions.definitions().keys()


def test_a_definition_is_kept_without_what_only_people_read() -> None:
    schema = {
        "type": "object",
        "description": "An answer.",
        "properties": {"description": {"type": "string", "description": "What it is.", "default": "none"}},
    }
    spec = {
        "group": "example.org",
        "names": {"kind": "Answer"},
        "scope": "Namespaced",
        "versions": [
            {"name": name, "schema": {"openAPIV3Schema": schema}, "additionalPrinterColumns": []}
            for name in ("v1", "v2")
        ],
    }
    kept = shortened({"metadata": {"name": "answers.example.org"}, "spec": spec}, "v2")["spec"]["versions"]
    plain = {"type": "object", "properties": {"description": {"type": "string", "default": "none"}}}
    assert kept == [{"name": "v2", "schema": {"openAPIV3Schema": plain}}]
    with pytest.raises(LookupError, match="has no version v3"):
        shortened({"metadata": {"name": "answers.example.org"}, "spec": spec}, "v3")


def test_the_page_names_the_version_of_each_definition() -> None:
    page = (ROOT / "k8s" / "definitions" / "README.md").read_text()
    for file in sorted((ROOT / "k8s" / "definitions").glob("*.yaml")):
        assert f"`{file.name}`" in page
        assert yaml.safe_load(file.read_text())["kind"] == "CustomResourceDefinition"
