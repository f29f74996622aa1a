"""Rendered manifests, and the parts of them that checks ask for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
OVERLAYS = ROOT / "k8s" / "overlays"
NAME = "app.kubernetes.io/name"
WORKLOADS = ("Deployment", "StatefulSet", "Job")

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a workload. `main` is false for the ones that run before the others."""

    workload: Manifest
    spec: Manifest
    main: bool

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.workload['kind']} {name(self.workload)}, container {self.spec['name']}"

    @property
    def ports(self) -> dict[str, int]:
        """Container ports by name."""
        return {port["name"]: port["containerPort"] for port in self.spec.get("ports", ())}


@dataclass(frozen=True)
class Cluster:
    """Everything that one overlay renders to."""

    overlay: str
    manifests: list[Manifest]
    components: frozenset[str] = field(default_factory=frozenset)

    def of(self, *kinds: str) -> list[Manifest]:
        """The manifests of these kinds."""
        return [m for m in self.manifests if m["kind"] in kinds]

    def find(self, kind: str, wanted: str) -> Manifest | None:
        """One manifest by kind and name."""
        return next((m for m in self.of(kind) if name(m) == wanted), None)

    def containers(self) -> Iterator[Container]:
        """Every container of every workload."""
        for workload in self.of(*WORKLOADS):
            pod = pod_of(workload)
            yield from (Container(workload, spec, False) for spec in pod.get("initContainers", ()))
            yield from (Container(workload, spec, True) for spec in pod["containers"])


def name(manifest: Manifest) -> str:
    """Its name."""
    return str(manifest["metadata"]["name"])


def pod_of(workload: Manifest) -> Manifest:
    """The pod's spec of a workload."""
    found: Manifest = workload["spec"]["template"]["spec"]
    return found


def labels_of(workload: Manifest) -> dict[str, str]:
    """The labels of a workload's pods."""
    found: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


def overlays() -> list[str]:
    """Every overlay."""
    return sorted(path.parent.name for path in OVERLAYS.glob("*/kustomization.yaml"))


def render(overlay: str) -> Cluster:
    """What `kubectl apply -k` would send. Raises CalledProcessError with kustomize's words in `stderr`."""
    folder = OVERLAYS / overlay
    kubectl = Path(sys.executable).parent / "kubectl"
    done = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True, check=True)
    listed = yaml.safe_load((folder / "kustomization.yaml").read_text()).get("components", ())
    manifests = [manifest for manifest in yaml.safe_load_all(done.stdout) if manifest]
    return Cluster(overlay, manifests, frozenset(Path(path).name for path in listed))
