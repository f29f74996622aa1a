"""Which program a container runs and with which settings: every variable is one, and together they are valid."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from gateway.settings import GatewaySettings
from orchestrator.scaledown.settings import ScaleDownSettings
from orchestrator.settings import ApiSettings, DatabaseSettings, WorkerSettings
from scripts.check_k8s.manifests import ROOT, Cluster, Container, pod_of
from servicekit.settings import ModelSettings
from services.audio.settings import Settings as AudioSettings
from services.judge.settings import Settings as JudgeSettings
from services.transcriber.settings import Settings as TranscriberSettings
from services.vision.settings import Settings as VisionSettings

OURS = "interview/"
SETTINGS: dict[str, type[BaseSettings]] = {
    "services.transcriber": TranscriberSettings,
    "services.vision": VisionSettings,
    "services.audio": AudioSettings,
    "services.judge": JudgeSettings,
    "orchestrator": ApiSettings,
    "orchestrator.worker": WorkerSettings,
    "orchestrator.migrate": DatabaseSettings,
    "orchestrator.scaledown": ScaleDownSettings,
    "gateway": GatewaySettings,
    "servicekit.weights": ModelSettings,
}
LIBRARIES = {
    "HF_HUB_OFFLINE": "huggingface_hub: never ask the hub",
    "HF_HOME": "huggingface_hub: where its caches are",
    "OTEL_TRACES_SAMPLER": "OpenTelemetry: which traces are kept",
    "OTEL_TRACES_SAMPLER_ARG": "OpenTelemetry: which share of them",
}
"""Variables that are no settings of ours, with who reads them."""

PLACEHOLDER = "x" * 40
"""Stands for every secret: long enough for a signing key."""


@dataclass(frozen=True, slots=True)
class Process:
    """A container that runs one of our programs."""

    container: Container
    module: str
    environment: dict[str, str]

    @property
    def kind(self) -> type[BaseSettings]:
        """Its settings class."""
        return SETTINGS[self.module]

    def settings(self) -> BaseSettings:
        """Its settings as the program would read them. Raises ValidationError."""
        with _only(self.environment):
            return self.kind(_env_file=None)


def processes(cluster: Cluster) -> Iterator[Process]:
    """Every container that runs a program of ours."""
    for container in cluster.containers():
        if module := _module(container):
            yield Process(container, module, _environment(cluster, container))


def problems(cluster: Cluster) -> Iterator[str]:
    """Variables that nobody reads, and values that the program would refuse."""
    for process in processes(cluster):
        known = variables(process.kind) | LIBRARIES.keys()
        for key in sorted(process.environment.keys() - known):
            yield f"{process.container.where}: {key} is no setting of {process.module}"
        try:
            process.settings()
        except ValidationError as error:
            yield from (f"{process.container.where}: {e['loc']}: {e['msg']}" for e in error.errors())
        if pod_of(process.container.workload).get("enableServiceLinks", True):
            yield f"{process.container.where}: enableServiceLinks sets variables such as GATEWAY_PORT to addresses"


def variables(kind: type[BaseSettings]) -> set[str]:
    """The variables that a settings class reads."""
    prefix = kind.model_config.get("env_prefix", "")
    return {str(f.validation_alias or f"{prefix}{name}".upper()) for name, f in kind.model_fields.items()}


def program(image: str) -> str:
    """The module that an image of ours runs by itself, from its Dockerfile."""
    base = image.split(":")[0].rpartition(OURS)[2]
    folder = ROOT / base if (ROOT / base / "Dockerfile").exists() else ROOT / "services" / base
    command = re.findall(r"^CMD (\[.*\])$", (folder / "Dockerfile").read_text(), re.MULTILINE)
    return _run_by(json.loads(command[-1]))


def _module(container: Container) -> str:
    image, arguments = container.spec["image"], container.spec.get("args", [])
    if OURS not in image:
        return ""
    return _run_by(arguments) if arguments else program(image)


def _run_by(command: list[str]) -> str:
    return command[command.index("-m") + 1]


def _environment(cluster: Cluster, container: Container) -> dict[str, str]:
    found: dict[str, str] = {}
    for source in container.spec.get("envFrom", ()):
        settings = cluster.find("ConfigMap", source.get("configMapRef", {}).get("name", ""))
        found |= settings["data"] if settings else {}
    for variable in container.spec.get("env", ()):
        found[variable["name"]] = variable.get("value", PLACEHOLDER)
    return found


@contextmanager
def _only(environment: Mapping[str, str]) -> Iterator[None]:
    """Nothing of this machine's environment, which could hide what a manifest lacks."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
