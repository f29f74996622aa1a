"""What kustomize makes of the base with some components: the truth that the chart is woven from."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from scripts.check_k8s.manifests import ROOT, Cluster, render
from scripts.helm_chart.trees import Tree, tree

PUBLIC_URL = "https://interviews.example.org"
"""Where a cluster's gateway is by default; the base's own is that of a forwarded port."""

COMPONENTS = (
    *("postgres", "object-store", "managed-state", "pod-identity", "temporal-dev", "temporal", "weights-volume"),
    *(
        "ingress",
        "gateway-api",
        "oidc",
        "hosted-models",
        "gpu",
        "vllm",
        "autoscaling",
        "scale-down",
        "mtls",
        "observability",
    ),
)
"""In the order in which kustomize applies them."""

EXCLUSIVE = (
    frozenset({"temporal", "temporal-dev"}),
    frozenset({"ingress", "gateway-api"}),
    frozenset({"gpu", "weights-volume"}),
)
"""Of each at most one: they bring an object of the same name, or weights by two ways."""

Id = tuple[str, str]
"""Kind and name."""


def objects(cluster: Cluster) -> dict[Id, Tree]:
    """The trees of everything but the namespace, which a chart does not bring."""
    trees = [tree(manifest) for manifest in cluster.manifests if manifest["kind"] != "Namespace"]
    return {(found["kind"], found["metadata"]["name"]): found for found in trees}


@dataclass
class Renders:
    """Renders of sets of components, each made once."""

    made: dict[frozenset[str], dict[Id, Tree]] = field(default_factory=dict)

    def __call__(self, on: frozenset[str]) -> dict[Id, Tree]:
        """The objects. Raises CalledProcessError with kustomize's words in `stderr`."""
        if on not in self.made:
            self.made[on] = objects(composed(on))
        return self.made[on]


def composed(on: frozenset[str]) -> Cluster:
    """The base with these components. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        listed = [os.path.relpath(ROOT / "k8s" / "components" / c, folder) for c in COMPONENTS if c in on]
        url = {"name": "gateway-settings", "behavior": "merge", "literals": [f"GATEWAY_PUBLIC_URL={PUBLIC_URL}"]}
        kustomization = {
            "namespace": "interview",
            "resources": [os.path.relpath(ROOT / "k8s" / "base", folder)],
            "components": listed,
            "configMapGenerator": [url],
        }
        (Path(folder) / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
        kubectl = Path(sys.executable).parent / "kubectl"
        done = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True, check=True)
    return Cluster("+".join(sorted(on)), [m for m in yaml.load_all(done.stdout, yaml.CSafeLoader) if m], on)


@cache
def overlay(name: str) -> tuple[frozenset[str], dict[Id, Tree]]:
    """The components of an overlay and what it renders to."""
    cluster = render(name)
    return cluster.components, objects(cluster)
