"""Starts the pods of one image and has each do its work: `python -m scripts.check_images.trial`, called by its parent.

Runs in a network of its own, which has loopback and nothing else.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.check_images.builder import Storage
from scripts.check_images.pods import PodError, Surroundings, in_bytes, running
from scripts.check_images.probes import wait_until_ready
from scripts.check_images.servers import TEMPORAL_TARGET, Servers, servers
from scripts.check_images.work import WORK, ask
from scripts.check_k8s.calls import SERVICES
from scripts.check_k8s.manifests import Cluster, render
from scripts.check_k8s.processes import OURS, Process, processes
from servicekit.weights.folder import model_dir

OVERLAY = "local"
ORDER = {"migrate": 0, "orchestrator": 1, "worker": 2}
ELSEWHERE = {"weights", "scale-down"}
"""Pods that this network gives no work: one fetches weights, one asks Kubernetes itself."""

WAITERS_S = 120.0


@dataclass(frozen=True, slots=True)
class Trial:
    """How one pod did: seconds, of which `_cpu_s` are processor time, and MB."""

    pod: str
    said: str
    ready_s: float = 0.0
    ready_cpu_s: float = 0.0
    first_s: float = 0.0
    first_cpu_s: float = 0.0
    second_cpu_s: float = 0.0
    """The same work again: what the first call did once for all shows in the difference."""
    memory_mb: float = 0.0
    memory_limit_mb: float = 0.0
    ended_s: float = 0.0


def trials(image: str, storage: Storage, folder: Path) -> Iterator[Trial]:
    """Each pod of the image, in the order in which a cluster would have them. Raises PodError."""
    cluster = render(OVERLAY)
    with servers(image, folder) as found:
        key = base64.b64encode(os.urandom(32)).decode()
        values = {**found.values, "INTERVIEW_TEMPORAL_ADDRESS": TEMPORAL_TARGET, "INTERVIEW_AUDIT_KEY": key}
        scratch = folder / "scratch"
        scratch.mkdir()
        scratch.chmod(0o777)
        around = Surroundings(storage, model_dir(), scratch, values, SERVICES)
        for process in pods_of(image, cluster):
            yield _tried(process, around, found)


def pods_of(image: str, cluster: Cluster) -> list[Process]:
    """The processes that run in an image, the first needed first; a pod's waiting ones before it."""
    found = [p for p in processes(cluster) if p.container.spec["image"].startswith(f"{OURS}{image}:")]
    kept = [p for p in found if _workload(p) not in ELSEWHERE]
    return sorted(kept, key=lambda p: (ORDER.get(_workload(p), 9), p.container.main))


def _workload(process: Process) -> str:
    return str(process.container.workload["metadata"]["name"])


def _tried(process: Process, around: Surroundings, found: Servers) -> Trial:
    started = time.monotonic()
    with running(process, around) as pod:
        if not process.container.main or process.container.workload["kind"] == "Job":
            if code := pod.wait(WAITERS_S):
                raise PodError(f"{pod.name} ended with {code}:\n{pod.log()}")
            return Trial(pod.name, "ended with 0", first_s=time.monotonic() - started)
        wait_until_ready(process.container, pod)
        ready_s, ready = time.monotonic() - started, pod.usage()
        try:
            said, first_s = _asked(process, found)
            first = pod.usage()
            _asked(process, found)
        except PodError as error:
            raise PodError(f"{error}\n{pod.log()}") from error
        last, limit = pod.usage(), in_bytes(process.container.spec["resources"]["limits"]["memory"])
        return Trial(
            pod.name, said, ready_s, ready.cpu_s, first_s, first.cpu_s - ready.cpu_s, last.cpu_s - first.cpu_s,
            last.memory_mb, limit / 1e6, pod.end(),
        )  # fmt: skip


def _asked(process: Process, found: Servers) -> tuple[str, float]:
    """What came back, and after how many seconds."""
    workload, started = _workload(process), time.monotonic()
    said = ask(workload, process.container.ports["grpc"], found.media) if workload in WORK else "ready"
    return said, time.monotonic() - started


def main() -> int:
    """Print each trial as a line of JSON; 1 when one fails."""
    parser = argparse.ArgumentParser(prog="python -m scripts.check_images.trial", description=__doc__)
    parser.add_argument("image")
    parser.add_argument("--storage", type=Path, required=True)
    parser.add_argument("--driver", required=True)
    wanted = parser.parse_args()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory(prefix="interview-images-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        try:
            for trial in trials(wanted.image, Storage(wanted.storage, wanted.driver), Path(folder)):
                print(json.dumps(asdict(trial)), flush=True)
        except PodError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
