"""The whole system as real processes on one machine, laid out as in Kubernetes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from local.ports import SERVICES, free_ports
from local.system import GRPC_PROGRAMS, ROOT
from rehearsal.servers.deployment import Deployment
from rehearsal.servers.headless import HeadlessServices, serving
from rehearsal.servers.postgresql import PostgreSql, postgresql
from rehearsal.servers.process import ServerProcess, StartError
from rehearsal.servers.seaweedfs import SeaweedFs

BUCKET = "interviews"
DOMAIN = "interview"
RECONCILE_S = 0.5
START_TIMEOUT_S = 240.0
OWN_SETTINGS = ("INTERVIEW_", "ORCHESTRATOR_", "WORKER_", "GATEWAY_", *(f"{s.upper()}_" for s in SERVICES))
KEPT = "INTERVIEW_MODEL_DIR"
ANSWERING = ("orchestrator", "gateway")
TEMPORAL = "temporal.api.workflowservice.v1.WorkflowService"
STATEMENTS = ("-c", "shared_preload_libraries=pg_stat_statements")


@dataclass(frozen=True, slots=True)
class Layout:
    """What runs: replicas by deployment, the services' commands, and further settings of every process."""

    replicas: Mapping[str, int]
    command: Callable[[str], Sequence[str]]
    settings: Mapping[str, str] = field(default_factory=dict)
    counted: bool = False
    """Whether database and object store count what is asked of them."""


class Cluster:
    """Deployments behind headless Services over one database, one object store and one workflow engine."""

    def __init__(self, folder: Path, layout: Layout, database: PostgreSql, store: SeaweedFs) -> None:
        """Start nothing yet."""
        self.database, self.store = database, store
        names = (*SERVICES, "orchestrator", "worker", "gateway")
        numbers = iter(free_ports(2 * len(names) + 2))
        self.ports = {name: next(numbers) for name in names}
        self.metrics_ports = {name: next(numbers) for name in names}
        self.temporal_address = f"127.0.0.1:{next(numbers)}"
        self.dns_port = next(numbers)
        self.services = HeadlessServices(self.dns_port)
        self.database_url = database.create_database("sessions")
        self.environment = self._environment(folder, layout.settings)
        self.deployments = {name: self._deployment(name, layout, folder) for name in names}
        self.temporal = self._temporal(folder)

    def urls(self) -> list[str]:
        """Addresses of the gateways that are ready."""
        return [f"http://{r.address}:{self.ports['gateway']}" for r in self.deployments["gateway"].ready]

    def worker_metrics(self) -> list[str]:
        """Where the workers tell their metrics."""
        port = self.metrics_ports["worker"]
        return [f"http://{r.address}:{port}/metrics" for r in self.deployments["worker"].ready]

    def migrate(self) -> None:
        """Bring the database to the current schema, as the migration Job does."""
        subprocess.run([sys.executable, "-m", "orchestrator.migrate"], env=self.environment, cwd=ROOT, check=True)

    def reconcile(self) -> None:
        """One round of what a cluster's controllers do."""
        for deployment in self.deployments.values():
            deployment.reconcile()

    def wait_ready(self, timeout_s: float = START_TIMEOUT_S) -> None:
        """Wait until everything that is wanted takes calls. Raises StartError."""
        deadline = time.monotonic() + timeout_s
        while missing := [n for n, d in self.deployments.items() if len(d.ready) < d.wanted]:
            if time.monotonic() > deadline:
                raise StartError(f"Not ready after {timeout_s:.0f} s: {', '.join(missing)}")
            time.sleep(0.1)
        while not all(_answers(f"{url}/readyz") for url in self.urls()):
            if time.monotonic() > deadline:
                raise StartError("The gateways are not ready.")
            time.sleep(0.2)

    def _environment(self, folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
        scratch = folder / "scratch"
        scratch.mkdir(exist_ok=True)  # it may be a disk of its own
        found = {
            k: v for k, v in os.environ.items()
            if k == KEPT or not (k.startswith(OWN_SETTINGS) or k.lower().endswith("_proxy"))
        }  # fmt: skip
        targets = {f"WORKER_{n.upper()}_TARGET": self._target(n) for n in SERVICES}
        return {
            **found,
            **targets,
            **self.store.environment(BUCKET),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen"))),
            "TMPDIR": str(scratch),
            "INTERVIEW_DATABASE_URL": self.database_url,
            "INTERVIEW_KEY_ENCRYPTION_FILE": str(folder / "key-encryption.keys"),
            "INTERVIEW_TEMPORAL_ADDRESS": self.temporal_address,
            "ORCHESTRATOR_JUDGE_TARGET": self._target("judge"),
            "GATEWAY_ORCHESTRATOR_TARGET": self._target("orchestrator"),
            "GATEWAY_RATE_LIMIT": "",
            "GATEWAY_UPLOAD_RATE_LIMIT": "",
            **settings,
        }

    def _target(self, name: str) -> str:
        return self.services.target(f"{name}.{DOMAIN}", self.ports[name])

    def _deployment(self, name: str, layout: Layout, folder: Path) -> Deployment:
        def environment(address: str) -> dict[str, str]:
            own = {"HOST": address, "PORT": self.ports[name], "METRICS_PORT": self.metrics_ports[name]}
            found = self.environment | {f"{name.upper()}_{key}": str(value) for key, value in own.items()}
            return found | {"GATEWAY_PUBLIC_URL": f"http://{address}:{self.ports['gateway']}"}

        def publish(name: str, addresses: Iterable[str]) -> None:
            self.services.publish(f"{name}.{DOMAIN}", addresses)

        # On a cluster what answers has nodes of its own; here what computes leaves the processor to it.
        nicer = [] if name in ANSWERING else ["nice", "-n", "10"]
        command = [*nicer, sys.executable, *layout.command(name)]
        made = Deployment(name, command, folder, environment, lambda a: self._takes_calls(name, a), publish)
        made.wanted = layout.replicas[name]
        return made

    def _takes_calls(self, name: str, address: str) -> bool:
        if name == "worker":
            return _answers(f"http://{address}:{self.metrics_ports[name]}/metrics")
        if name == "gateway":
            return _answers(f"http://{address}:{self.ports[name]}/healthz")
        return _serves(f"{address}:{self.ports[name]}", GRPC_PROGRAMS[name])

    def _temporal(self, folder: Path) -> ServerProcess:
        host, _, port = self.temporal_address.partition(":")
        home = folder / "temporal"
        home.mkdir()
        command = [
            str(Path(sys.executable).with_name("temporal")), "server", "start-dev", "--headless", "--ip", host,
            "--port", port, "--db-filename", str(home / "temporal.db"), "--sqlite-pragma", "journal_mode=wal",
            "--log-level", "error", "--dynamic-config-value", "matching.autoEnableV2=true",
        ]  # fmt: skip
        return ServerProcess(command, home, lambda: _serves(self.temporal_address, TEMPORAL), environment=os.environ)


@contextmanager
def cluster(folder: Path, layout: Layout) -> Iterator[Cluster]:
    """Everything started and ready; all of it gone when the context ends. Raises StartError."""
    with ExitStack() as stack:
        database = stack.enter_context(postgresql())
        store = SeaweedFs(folder / "seaweedfs")
        if layout.counted:
            _count(database, store)
        stack.callback(store.stop)
        store.start()
        store.create_bucket(BUCKET)
        made = Cluster(folder, layout, database, store)
        stack.enter_context(serving(made.services, made.dns_port))
        stack.callback(made.temporal.stop)
        made.temporal.start()
        made.migrate()
        stack.callback(_end, list(made.deployments.values()))
        stack.enter_context(repeating(made.reconcile, RECONCILE_S))
        made.wait_ready()
        yield made


def _count(database: PostgreSql, store: SeaweedFs) -> None:
    """Have PostgreSQL, which runs already, count statements, and SeaweedFS, which does not yet, requests."""
    database.stop()
    database.process.command += STATEMENTS
    database.start()
    store.process.command += [f"-metricsPort={free_ports(1)[0]}", "-metricsIp=127.0.0.1"]


def _end(deployments: Sequence[Deployment]) -> None:
    threads = [threading.Thread(target=d.end) for d in deployments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def repeating(action: Callable[[], None], every_s: float) -> Iterator[None]:
    """Do it at once, and again and again while the context lasts."""
    stopped = threading.Event()

    def repeat() -> None:
        while not stopped.wait(every_s):
            action()

    thread = threading.Thread(target=repeat, daemon=True)
    action()
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _serves(target: str, service: str) -> bool:
    """As the kubelet's gRPC probe: a connection of its own, one second."""
    with grpc.insecure_channel(target, options=[("grpc.enable_http_proxy", 0)]) as channel:
        request = health_pb2.HealthCheckRequest(service=service)
        try:
            reply = health_pb2_grpc.HealthStub(channel).Check(request, timeout=1)
        except grpc.RpcError:
            return False
        return bool(reply.status == health_pb2.HealthCheckResponse.SERVING)
