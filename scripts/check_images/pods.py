"""A container of a pod, run by podman as the manifest says: user, root, capabilities, limits, mounts, settings."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.check_images.builder import Storage
from scripts.check_images.usage import Usage, usage
from scripts.check_k8s.manifests import Manifest, pod_of
from scripts.check_k8s.processes import Process

LOOPBACK = "127.0.0.1"
LIMITS = {"nofile": (resource.RLIMIT_NOFILE, 1_048_576), "nproc": (resource.RLIMIT_NPROC, 32_768)}
"""What container runtimes of nodes allow. podman would ask for more than the machine may let it."""

UNITS = {"Ki": 10, "Mi": 20, "Gi": 30}
PROBE_S = 5.0
POLL_S = 0.2


class PodError(Exception):
    """A container did not do what its pod needs; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a pod finds: where images are, its weights, a scratch folder and the values of secrets and addresses."""

    storage: Storage
    models: Path
    scratch: Path
    values: Mapping[str, str]
    peers: tuple[str, ...] = ()
    """Names of other services, which all are on loopback here."""


@dataclass(frozen=True, slots=True)
class Running:
    """A container that runs."""

    name: str
    around: Surroundings
    grace_s: int

    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._podman("inspect", "--format", "{{.State.Running}}", self.name) == "true"

    def log(self) -> str:
        """The end of what it said."""
        return self._podman("logs", "--tail", "25", self.name)

    def usage(self) -> Usage:
        """What it has used so far. Raises PodError when it has ended."""
        try:
            return usage(int(self._podman("inspect", "--format", "{{.State.Pid}}", self.name)))
        except OSError as error:
            raise PodError(f"{self.name} has ended:\n{self.log()}") from error

    def wait(self, timeout_s: float) -> int:
        """Its exit code. Raises PodError when it does not end."""
        deadline = time.monotonic() + timeout_s
        while self.alive():
            if time.monotonic() > deadline:
                raise PodError(f"{self.name} has not ended after {timeout_s:.0f} s:\n{self.log()}")
            time.sleep(POLL_S)
        return int(self._podman("inspect", "--format", "{{.State.ExitCode}}", self.name))

    def end(self) -> float:
        """SIGTERM, as the kubelet; seconds until it had ended with 0. Raises PodError."""
        started = time.monotonic()
        self._podman("kill", "--signal", "TERM", self.name)
        if code := self.wait(self.grace_s):
            raise PodError(f"{self.name} ended with {code}:\n{self.log()}")
        return time.monotonic() - started

    def remove(self) -> None:
        """Kill it if it still runs, and forget it."""
        self._podman("rm", "--force", "--time", "0", self.name)

    def _podman(self, *arguments: str) -> str:
        command = [*engine(self.around.storage), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (done.stdout + (done.stderr if arguments[0] == "logs" else "")).strip()


@contextmanager
def running(process: Process, around: Surroundings) -> Iterator[Running]:
    """The process of a pod, started; gone when the context ends. Raises PodError."""
    pod = pod_of(process.container.workload)
    name = f"{process.container.workload['metadata']['name']}-{process.container.spec['name']}"
    command = [*engine(around.storage), "run", "--detach", "--name", name, *options(process, around)]
    command += [f"localhost/{process.container.spec['image']}", *process.container.spec.get("args", [])]
    made = Running(name, around, pod.get("terminationGracePeriodSeconds", 30))
    started = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        if started.returncode:
            raise PodError(f"{name} was not started: {started.stderr.strip()}")
        yield made
    finally:
        made.remove()


def options(process: Process, around: Surroundings) -> list[str]:
    """podman's words for what the manifest asks. The network is the one that this process has: loopback alone."""
    pod, spec = pod_of(process.container.workload), process.container.spec
    user, most = pod["securityContext"], spec["resources"]["limits"]
    asked = {
        "network": "host",
        "user": f"{user['runAsUser']}:{user['runAsGroup']}",
        "memory": str(in_bytes(most["memory"])),
        "memory-swap": str(in_bytes(most["memory"])),
        "cpus": str(in_cores(most["cpu"])),
    }
    found = [part for key, value in asked.items() for part in (f"--{key}", value)]
    found += [*limits(), *_security(spec["securityContext"])]
    for mount in spec.get("volumeMounts", ()):
        found += ["--volume", _mount(mount, around)]
    for peer in around.peers:
        found += ["--add-host", f"{peer}:{LOOPBACK}"]
    for key, value in (process.environment | _known(process, around.values)).items():
        found += ["--env", f"{key}={value}"]
    return found


def engine(storage: Storage) -> list[str]:
    """podman with its options: cgroups and a runtime that need no systemd."""
    return ["podman", *storage.options, "--cgroup-manager", "cgroupfs", "--runtime", "runc"]


def limits() -> list[str]:
    """As a node's, where this machine allows it."""
    found = []
    for name, (kind, wanted) in LIMITS.items():
        most = resource.getrlimit(kind)[1]
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        found += ["--ulimit", f"{name}={value}:{value}"]
    return found


def _security(context: Manifest) -> list[str]:
    found = [f"--cap-drop={capability}" for capability in context["capabilities"]["drop"]]
    if context["readOnlyRootFilesystem"]:
        found += ["--read-only", "--read-only-tmpfs=false"]
    if not context["allowPrivilegeEscalation"]:
        found += ["--security-opt", "no-new-privileges"]
    return found


def _mount(mount: Manifest, around: Surroundings) -> str:
    folder = around.models if mount["name"] == "models" else around.scratch
    return f"{folder}:{mount['mountPath']}:{'ro' if mount.get('readOnly') else 'rw'}"


def _known(process: Process, values: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if key in process.environment}


def in_bytes(quantity: str) -> int:
    """Of Kubernetes' quantity."""
    return int(quantity[:-2]) << UNITS[quantity[-2:]]


def in_cores(quantity: str) -> float:
    """Of Kubernetes' quantity."""
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)
