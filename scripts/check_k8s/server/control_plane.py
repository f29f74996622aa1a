"""An API server of one's own: Kubernetes' with its etcd, on loopback, without nodes and controllers."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from local.ports import free_ports
from rehearsal.servers.process import ServerProcess

ASSETS = "KUBEBUILDER_ASSETS"
"""Where `setup-envtest` and other tools put the programs."""

HOST = "127.0.0.1"
START_S = 180.0


@dataclass(frozen=True, slots=True)
class Programs:
    """What runs an API server."""

    etcd: Path
    api_server: Path


def programs() -> Programs | None:
    """Those in the folder that `KUBEBUILDER_ASSETS` names, else those on the path; None without both."""
    places = os.pathsep.join(place for place in (os.environ.get(ASSETS, ""), os.environ.get("PATH", "")) if place)
    etcd, api_server = (shutil.which(name, path=places) for name in ("etcd", "kube-apiserver"))
    return Programs(Path(etcd), Path(api_server)) if etcd and api_server else None


@contextmanager
def control_plane(found: Programs) -> Iterator[Path]:
    """The kubeconfig of a new API server's administrator; all is gone afterwards. Raises StartError."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interview-k8s-")))
        etcd_port, peer_port, port = free_ports(3)
        etcd = _etcd(found.etcd, folder / "etcd", etcd_port, peer_port)
        token = secrets.token_hex(16)
        server = _api_server(found.api_server, folder / "api-server", port, etcd_port, token)
        for process in (etcd, server):
            stack.callback(process.stop)
            process.start(START_S)
        yield _kubeconfig(folder, port, token)


def _etcd(program: Path, folder: Path, port: int, peer_port: int) -> ServerProcess:
    folder.mkdir()
    clients, peers = f"http://{HOST}:{port}", f"http://{HOST}:{peer_port}"
    options = {
        "data-dir": folder / "data",
        "listen-client-urls": clients,
        "advertise-client-urls": clients,
        "listen-peer-urls": peers,
        "initial-advertise-peer-urls": peers,
        "initial-cluster": f"default={peers}",
        "unsafe-no-fsync": "true",
    }
    command: list[str | Path] = [program, *(f"--{key}={value}" for key, value in options.items())]
    return ServerProcess(command, folder, lambda: _answers(f"{clients}/health"))


def _api_server(program: Path, folder: Path, port: int, etcd_port: int, token: str) -> ServerProcess:
    folder.mkdir()
    (folder / "tokens.csv").write_text(f"{token},administrator,administrator,system:masters\n")
    _write_keys(folder)
    options = {
        "etcd-servers": f"http://{HOST}:{etcd_port}",
        "bind-address": HOST,
        "advertise-address": HOST,
        "secure-port": port,
        "cert-dir": folder,
        "token-auth-file": folder / "tokens.csv",
        "authorization-mode": "RBAC",
        "service-cluster-ip-range": "10.0.0.0/24",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": folder / "accounts.pub",
        "service-account-signing-key-file": folder / "accounts.key",
    }
    command: list[str | Path] = [program, *(f"--{key}={value}" for key, value in options.items())]
    return ServerProcess(command, folder, lambda: _answers(f"https://{HOST}:{port}/readyz", token))


def _write_keys(folder: Path) -> None:
    """What the server signs tokens of pods with; nobody asks for one."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "accounts.pub").write_bytes(public)
    (folder / "accounts.key").write_bytes(private)


def _answers(url: str, token: str = "") -> bool:
    """The server's certificate is its own, made a moment ago."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        return httpx.get(url, headers=headers, verify=False, timeout=5.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _kubeconfig(folder: Path, port: int, token: str) -> Path:
    path, cluster = folder / "kubeconfig", {"server": f"https://{HOST}:{port}", "insecure-skip-tls-verify": True}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "own", "cluster": cluster}],
        "users": [{"name": "administrator", "user": {"token": token}}],
        "contexts": [{"name": "own", "context": {"cluster": "own", "user": "administrator"}}],
        "current-context": "own",
    }
    path.write_text(yaml.safe_dump(config))
    return path
