"""What a chart adds to the manifests: its labels, marks of the settings, and fields that only some clusters need."""

from __future__ import annotations

from scripts.check_k8s.manifests import WORKLOADS
from scripts.helm_chart.holes import POD
from scripts.helm_chart.places import Place, camel
from scripts.helm_chart.trees import ABSENT, Tree, at

LABELS = '{{- include "interview.labels" . | nindent @ }}'
SUFFIX = "-settings"


def lines(place: Place, whole: Tree) -> list[str]:
    """Lines that end the mapping at this place of an object; `@` is the indentation of the line they stand in."""
    if place.keys == ("metadata",) and at(whole, ("metadata", "labels")) is ABSENT:
        return ["labels:", f"  {LABELS}"]
    if place.keys == ("metadata", "labels"):
        return [LABELS]
    if place.kind not in WORKLOADS:
        return []
    if place.keys == (*POD[:2], "metadata"):
        return _checksum(at(whole, POD))
    if place.keys == POD:
        return [*PULL_SECRETS, *RUNTIME.get(place.name, ())]
    return _optional("storageClassName", class_of(place)) if class_of(place) else []


def class_of(place: Place) -> str:
    """The path of the value that names a storage class which the manifest leaves to the cluster, or nothing."""
    claim = place.kind == "StatefulSet" and place.ends("volumeClaimTemplates", "*", "spec")
    return f"storage.{place.part}.className" if claim else ""


def _checksum(pod: Tree) -> list[str]:
    """Pods start again when what they read of the settings changes."""
    containers = [*pod["containers"].values(), *pod.get("initContainers", {}).values()]
    read = sorted({name for container in containers for name in container.get("envFrom", {})})
    called = " ".join(f'"{define(f"settings.{camel(name.removesuffix(SUFFIX))}")}"' for name in read)
    return (
        ["annotations:", f'  checksum/settings: {{{{ include "interview.checksum" (list . {called}) }}}}']
        if read
        else []
    )


def define(path: str) -> str:
    """What the template with the manifests' part of a value is called."""
    return f"interview.{path}"


def _optional(key: str, path: str) -> list[str]:
    return [f"{{{{- with .Values.{path} }}}}", f"{key}: {{{{ . | quote }}}}", "{{- end }}"]


PULL_SECRETS = [
    "{{- with .Values.image.pullSecrets }}",
    "imagePullSecrets:",
    "  {{- range . }}",
    "  - name: {{ . | quote }}",
    "  {{- end }}",
    "{{- end }}",
]
CLASS = _optional("runtimeClassName", "gpu.runtimeClassName")
RUNTIME = {"vllm": CLASS, "transcriber": ["{{- if .Values.components.gpu }}", *CLASS, "{{- end }}"]}
