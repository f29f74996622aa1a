"""The chart's files, from renders of the base with each of the components."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from scripts.check_k8s.manifests import ROOT, WORKLOADS, overlays
from scripts.helm_chart import helpers, schema, values
from scripts.helm_chart.holes import defaults
from scripts.helm_chart.kustomized import COMPONENTS, EXCLUSIVE, Id, Renders
from scripts.helm_chart.trees import ABSENT, Tree, merged, placed
from scripts.helm_chart.weave import Object, condition, laid_out

CHART = ROOT / "k8s" / "chart" / "interview"
GENERATED = "Made by `make chart` from k8s/base and k8s/components: change those."
FOLDERS = {
    "services": ("transcriber", "vision", "audio", "judge", "vllm"),
    "orchestration": ("orchestrator", "worker", "gateway", "migrate", "scale-down"),
    "state": ("postgres", "object-store", "temporal", "weights"),
}
KINDS = {
    "ConfigMap": "settings",
    "NetworkPolicy": "network-policies",
    "Certificate": "certificates",
    "Issuer": "certificates",
    "PodMonitor": "monitoring",
    "PrometheusRule": "monitoring",
}


@dataclass
class Chart:
    """Files by their path in the chart, as they are woven."""

    renders: Renders
    templates: dict[str, list[str]] = field(default_factory=dict)
    defines: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=defaults)

    def weave(self) -> dict[str, str]:
        """Every file of the chart."""
        for kind, name in self._ids():
            self._object(kind, name)
        known: dict[str, Tree] = {"components": dict(values.DEFAULT_COMPONENTS)}
        for path, value in self.values.items():
            known = merged(known, placed(path, value))
        profiles = {o: values.profile(o, self.renders) for o in overlays()}
        return {
            "Chart.yaml": f"# {GENERATED}\n{yaml.safe_dump(_about(), sort_keys=False)}",
            ".helmignore": "*.tgz\n",
            "values.yaml": f"# {GENERATED}\n{values.documented(known)}",
            "values.schema.json": schema.text(known),
            **{f"values-{o}.yaml": f"# {GENERATED}\n{values.written(found)}" for o, found in profiles.items()},
            "templates/_helpers.tpl": helpers.TEMPLATES,
            "templates/NOTES.txt": helpers.NOTES,
            **{f"templates/{path}": self._file(path) for path in self.templates},
            **{f"files/{name}": text for name, text in self.texts.items()},
        }

    def _ids(self) -> list[Id]:
        """Every object that the base or a component brings."""
        sets: list[frozenset[str]] = [frozenset(), *(frozenset({c}) for c in COMPONENTS)]
        return sorted({found: None for on in sets for found in self.renders(on)}, key=lambda i: (file_of(*i), *i))

    def _object(self, kind: str, name: str) -> None:
        """Weave an object that is always there, or there with one or another component."""
        none: frozenset[str] = frozenset()
        woven = Object(kind, name, lambda on: self.renders(on).get((kind, name), ABSENT), compatible)
        if woven.at_all(none) is not ABSENT:
            left = tuple(c for c in COMPONENTS if woven.at_all(frozenset({c})) != woven.at_all(none))
            self._add(woven, none, left)
            return
        for component in COMPONENTS:
            on = frozenset({component})
            if woven.at_all(on) is not ABSENT:
                self._add(woven, on, self._changers(woven, on) if kind in WORKLOADS else ())

    def _changers(self, woven: Object, on: frozenset[str]) -> tuple[str, ...]:
        """Components that change some workload of the base, if together they change this one of a component's too."""
        plain = self.renders(frozenset())
        base = [found for found in plain if found[0] in WORKLOADS]
        found = tuple(c for c in COMPONENTS if any(self.renders(frozenset({c}))[i] != plain[i] for i in base))
        together = on
        for component in found:
            together = together | {component} if compatible(together | {component}) else together
        return found if woven.at_all(together) != woven.at_all(on) else ()

    def _add(self, woven: Object, on: frozenset[str], left: tuple[str, ...]) -> None:
        path = file_of(woven.kind, woven.name)
        lines = ["---", *woven.document(on, left)]
        guarded = [f"{{{{- if {condition(c)} }}}}" for c in on] + lines + ["{{- end }}" for _ in on]
        self.templates.setdefault(path, []).extend(guarded)
        self.defines.setdefault(path, {}).update(woven.defines)
        self.texts.update(woven.files)
        for value, default in woven.values.items():
            if self.values.setdefault(value, default) != default:
                raise ValueError(f"{value} is {self.values[value]!r} or {default!r}")

    def _file(self, path: str) -> str:
        lines = [f"{{{{- /* {GENERATED} */ -}}}}"]
        for name, define in self.defines[path].items():
            lines += [f'{{{{- define "{name}" -}}}}', *define, "{{- end }}"]
        return laid_out([*lines, *self.templates[path]])


def compatible(on: frozenset[str]) -> bool:
    """Whether these components can be together."""
    return not any(len(on & pair) > 1 for pair in EXCLUSIVE)


def file_of(kind: str, name: str) -> str:
    """Where under `templates/` an object stands."""
    if kind in KINDS:
        return f"{KINDS[kind]}.yaml"
    folder = next((folder for folder, names in FOLDERS.items() if name in names), "")
    return f"{folder}/{name}.yaml" if folder else "monitoring.yaml"


def _about() -> dict[str, str]:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return {
        "apiVersion": "v2",
        "name": "interview",
        "description": "Assesses recorded interview answers: transcription, vision, audio, rating, orchestration.",
        "type": "application",
        "version": version,
        "appVersion": version,
        "kubeVersion": ">=1.30.0-0",
    }


def write(folder: Path = CHART) -> None:
    """Write the chart, and nothing else, into the folder."""
    files = Chart(Renders()).weave()
    for old in [path for path in folder.rglob("*") if path.is_file() and str(path.relative_to(folder)) not in files]:
        old.unlink()
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def contents(folder: Path = CHART) -> Iterator[tuple[str, str]]:
    """Every file that lies there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_text()
