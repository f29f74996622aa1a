"""What Helm makes of the chart is what kustomize makes of the base and the same components."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from scripts.check_k8s.__main__ import problems
from scripts.check_k8s.manifests import ROOT, Cluster, overlays
from scripts.helm_chart import chart, rendered
from scripts.helm_chart.kustomized import COMPONENTS, Renders, overlay
from scripts.helm_chart.places import camel
from scripts.helm_chart.trees import differences

RENDERS = Renders()
TOGETHER = (
    ("managed-state", "temporal"),
    ("managed-state", "temporal-dev", "weights-volume", "mtls"),
    ("postgres", "object-store", "temporal", "vllm", "autoscaling", "weights-volume"),
    ("managed-state", "pod-identity", "temporal", "gateway-api", "oidc", "hosted-models"),
    ("postgres", "managed-state", "temporal", "ingress", "gpu", "autoscaling", "mtls", "observability", "pod-identity"),
    tuple(c for c in COMPONENTS if c not in ("temporal-dev", "gateway-api", "weights-volume")),
)
"""Components that change the same objects, in other sets than the overlays'."""


def test_the_chart_is_made_from_the_manifests_of_today() -> None:
    assert dict(chart.contents()) == chart.Chart(RENDERS).weave(), "run `make chart` and commit"


@pytest.mark.parametrize("name", overlays())
def test_the_values_of_an_overlay_make_that_overlay(name: str) -> None:
    _, wanted = overlay(name)
    assert list(differences(wanted, rendered.as_kustomized(rendered.profile(name)))) == []


@pytest.mark.parametrize("components", TOGETHER, ids="+".join)
def test_components_together_make_what_they_make_of_the_base(components: tuple[str, ...]) -> None:
    values = {"components": {camel(c): c in components for c in COMPONENTS}}
    wanted = RENDERS(frozenset(components))
    assert list(differences(wanted, rendered.as_kustomized(values))) == []


@pytest.mark.parametrize("name", overlays())
def test_the_checks_of_the_overlays_find_nothing_in_the_chart(name: str) -> None:
    components, _ = overlay(name)
    space = yaml.safe_load((ROOT / "k8s" / "base" / "namespace.yaml").read_text())
    made = Cluster(name, [space, *rendered.named(rendered.profile(name))], components)
    assert list(problems(made)) == []


def test_every_component_of_the_folder_is_one_of_the_chart() -> None:
    assert {path.parent.name for path in (ROOT / "k8s" / "components").glob("*/kustomization.yaml")} == set(COMPONENTS)


def test_another_manifest_makes_another_chart(tmp_path: Path) -> None:
    """Else the comparison above would hold whatever the chart says."""
    renders = Renders({on: dict(found) for on, found in RENDERS.made.items()})
    plain = renders(frozenset())
    judge = {**plain["Deployment", "judge"], "spec": {**plain["Deployment", "judge"]["spec"], "minReadySeconds": 7}}
    renders.made[frozenset()] = {**plain, ("Deployment", "judge"): judge}
    assert "minReadySeconds: 7" in chart.Chart(renders).weave()["templates/services/judge.yaml"]
