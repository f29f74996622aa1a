"""Asks an API server, by kubectl."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from scripts.check_k8s.manifests import Manifest
from scripts.check_k8s.operators.definitions import FOLDER

STRICT = ("--server-side=false", "--validate=strict", "--warnings-as-errors")
WAIT = "--timeout=120s"


class ServerError(Exception):
    """The server did not do what every server does; the message is kubectl's."""


class Asked:
    """A server with the operators' definitions and the namespaces of whatever it is asked about."""

    def __init__(self, kubeconfig: Path) -> None:
        """Of its administrator."""
        self._kubeconfig = kubeconfig

    def version(self) -> str:
        """Such as `v1.36.2`. Raises ServerError."""
        return str(json.loads(self._must("version", "--output=json"))["serverVersion"]["gitVersion"])

    def define(self) -> None:
        """Install the definitions and wait until they are served. Raises ServerError."""
        self._must("apply", "--server-side", "--filename", str(FOLDER))
        self._must("wait", "--for=condition=Established", WAIT, "crd", "--all")

    def refusal(self, manifests: Sequence[Manifest]) -> str:
        """What it says against the manifests; nothing if it would take them all. Raises ServerError."""
        for namespace in {m["metadata"].get("namespace", "default") for m in manifests} - {"default"}:
            self._kubectl(["create", "namespace", namespace])
        text = yaml.safe_dump_all(manifests)
        done = self._kubectl(["apply", "--dry-run=server", *STRICT, "--filename", "-"], text)
        return done.stderr.strip() or "refused without a word" if done.returncode else ""

    def install(self, manifests: Sequence[Manifest]) -> None:
        """Make them. Raises ServerError."""
        done = self._kubectl(["apply", "--server-side=false", "--filename", "-"], yaml.safe_dump_all(manifests))
        if done.returncode:
            raise ServerError(done.stderr.strip())

    def delete_jobs(self, namespace: str) -> None:
        """As k8s/README.md says before each version. Raises ServerError."""
        self._must("delete", "job", "--all", "--wait=false", "--namespace", namespace)

    def _must(self, *arguments: str) -> str:
        done = self._kubectl(arguments)
        if done.returncode:
            raise ServerError(f"kubectl {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def _kubectl(self, arguments: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).with_name("kubectl")
        command: list[str | Path] = [program, "--kubeconfig", self._kubeconfig, *arguments]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False)
