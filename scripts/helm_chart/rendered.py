"""What Helm makes of the chart, as trees that can be compared with kustomize's."""

from __future__ import annotations

from typing import Any

import helm_python
import yaml

from scripts.check_k8s.manifests import Cluster
from scripts.helm_chart.chart import CHART
from scripts.helm_chart.kustomized import Id, objects
from scripts.helm_chart.trees import Tree

NAMESPACE = "interview"
REVISION = 1
ADDED_LABELS = (
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/version",
    "helm.sh/chart",
)
CHECKSUM = "checksum/settings"


def manifests(values: dict[str, Any]) -> list[dict[str, Any]]:
    """What would be installed with these values. Raises HelmError, also for values that the schema refuses."""
    with helm_python.Chart.load(str(CHART)) as chart:
        chart.validate_schema(chart.merge_values(values))
        files = chart.render(values, name="interview", namespace=NAMESPACE, revision=REVISION)
    texts = (text for path, text in sorted(files.items()) if path.endswith(".yaml"))
    return [manifest for text in texts for manifest in yaml.safe_load_all(text) if manifest]


def profile(overlay: str) -> dict[str, Any]:
    """The values that the chart brings for an overlay."""
    found: dict[str, Any] = yaml.safe_load((CHART / f"values-{overlay}.yaml").read_text())
    return found


def as_kustomized(values: dict[str, Any]) -> dict[Id, Tree]:
    """Helm's objects without what only a chart adds: its labels, marks of settings, the revision in Jobs' names."""
    return objects(Cluster("", [_bare(manifest) for manifest in named(values)]))


def named(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The same as `manifests`, with Jobs that do not have the revision in their names."""
    found = manifests(values)
    for job in (manifest for manifest in found if manifest["kind"] == "Job"):
        job["metadata"]["name"] = job["metadata"]["name"].removesuffix(f"-{REVISION}")
    return found


def _bare(manifest: dict[str, Any]) -> dict[str, Any]:
    metadata = manifest["metadata"]
    for label in ADDED_LABELS:
        del metadata["labels"][label]
    if not metadata["labels"]:
        del metadata["labels"]
    pod = manifest["spec"].get("template", {}).get("metadata", {}) if "spec" in manifest else {}
    if pod.get("annotations", {}).pop(CHECKSUM, None) and not pod["annotations"]:
        del pod["annotations"]
    return manifest
