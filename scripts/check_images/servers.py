"""What pods call on a cluster and find on loopback here: database, object store, workflow engine, orchestrator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import obstore
from interview.common.v1.media_pb2 import MediaRef
from obstore.store import S3Store

from rehearsal.servers.cluster import BUCKET, TEMPORAL
from rehearsal.servers.postgresql import postgresql
from rehearsal.servers.process import ServerProcess
from rehearsal.servers.seaweedfs import SeaweedFs
from scripts.check_images.pods import LOOPBACK
from scripts.check_images.probes import serves
from scripts.check_images.work import sample
from scripts.check_k8s.manifests import ROOT

TEMPORAL_TARGET = f"{LOOPBACK}:7233"
ORCHESTRATOR = "interview.orchestrator.v1.OrchestratorService"


@dataclass(frozen=True, slots=True)
class Servers:
    """What is there: values of settings, and the sample in the object store."""

    values: dict[str, str] = field(default_factory=dict)
    media: MediaRef = field(default_factory=MediaRef)


@contextmanager
def servers(image: str, folder: Path) -> Iterator[Servers]:
    """Those that the image's pods call. Raises StartError."""
    with ExitStack() as stack:
        values: dict[str, str] = {}
        media = MediaRef()
        if image != "judge":
            store = SeaweedFs(folder / "seaweedfs")
            stack.callback(store.stop)
            store.start()
            store.create_bucket(BUCKET)
            values |= store.environment(BUCKET)
            media = MediaRef(uri=_put_sample(values))
        if image in ("orchestrator", "gateway"):
            database = stack.enter_context(postgresql())
            values |= {"INTERVIEW_DATABASE_URL": database.create_database("sessions")}
            _start(stack, _temporal(folder))
        if image == "gateway":
            _start(stack, _orchestrator(folder, values))
        yield Servers(values, media)


def _put_sample(values: dict[str, str]) -> str:
    store = S3Store(
        BUCKET,
        endpoint=values["INTERVIEW_S3_ENDPOINT"],
        region=values["INTERVIEW_S3_REGION"],
        access_key_id=values["INTERVIEW_S3_ACCESS_KEY_ID"],
        secret_access_key=values["INTERVIEW_S3_SECRET_ACCESS_KEY"],
        client_options={"allow_http": True},
    )
    name = f"direct/{sample().name}"
    obstore.put(store, name, sample())
    return f"s3://{BUCKET}/{name}"


def _start(stack: ExitStack, process: ServerProcess) -> None:
    stack.callback(process.stop)
    process.start()


def _temporal(folder: Path) -> ServerProcess:
    program = Path(sys.executable).with_name("temporal")
    host, _, port = TEMPORAL_TARGET.partition(":")
    command = [str(program), "server", "start-dev", "--headless", "--ip", host, "--port", port, "--log-level", "error"]
    home = folder / "temporal"
    home.mkdir()
    return ServerProcess(command, home, lambda: serves(TEMPORAL_TARGET, TEMPORAL, 1))


def _orchestrator(folder: Path, values: dict[str, str]) -> ServerProcess:
    """From the tree rather than its image, so that the gateway's can be tried alone."""
    own = {
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen"))),
        "INTERVIEW_TEMPORAL_ADDRESS": TEMPORAL_TARGET,
        "ORCHESTRATOR_HOST": LOOPBACK,
    }
    home = folder / "orchestrator"
    home.mkdir()
    environment = {**os.environ, **values, **own}
    subprocess.run([sys.executable, "-m", "orchestrator.migrate"], env=environment, cwd=home, check=True)
    command = [sys.executable, "-m", "orchestrator"]
    target = f"{LOOPBACK}:50055"
    return ServerProcess(command, home, lambda: serves(target, ORCHESTRATOR, 1), environment=environment)
