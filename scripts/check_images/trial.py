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
from scripts.check_images.pods import PodError, Surroundings, running
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
    """How one pod did, seconds."""

    pod: str
    ready_s: float
    worked_s: float
    ended_s: float
    said: str


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
            return Trial(pod.name, 0.0, time.monotonic() - started, 0.0, "ended with 0")
        wait_until_ready(process.container, pod)
        ready = time.monotonic()
        said, workload = "ready", _workload(process)
        try:
            if workload in WORK:
                said = ask(workload, process.container.ports["grpc"], found.media)
        except PodError as error:
            raise PodError(f"{error}\n{pod.log()}") from error
        worked = time.monotonic()
        return Trial(pod.name, ready - started, worked - ready, pod.end(), said)


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
