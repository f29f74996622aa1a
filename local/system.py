"""Starting, watching and stopping the system on one machine."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc
from supervisor.xmlrpc import SupervisorTransport

from local.ports import SERVICES, Ports
from servicekit.storage.folders import PRIVATE, make_private

ROOT = Path(__file__).resolve().parent.parent
GRPC_PROGRAMS = {n: f"interview.{n}.v1.{n.title()}Service" for n in (*SERVICES, "orchestrator")}
AFTER_MIGRATION = ("orchestrator", "worker")
"""What uses the database; the supervisor leaves starting them to us."""
START_TIMEOUT_S = 300.0
POLL_S = 0.1
STOP_TIMEOUT_S = 60.0


class StartError(Exception):
    """The system did not come up; the message says which part and what to do."""


class LocalSystem:
    """Every process under one supervisor. A context manager: started and ready inside, all gone after."""

    def __init__(
        self,
        state: Path,
        ports: Ports,
        environment: Mapping[str, str] | None = None,
        start_timeout_s: float = START_TIMEOUT_S,
    ) -> None:
        """Keep everything in the folder `state`; `environment` adds settings for the processes."""
        self._start_timeout_s = start_timeout_s
        self.state, self.ports = state.absolute(), ports
        self._socket = Path(tempfile.gettempdir()) / f"interview-{_short_hash(str(self.state))}.sock"
        self.environment = {**os.environ, **ports.environment(), **self._own_environment(), **(environment or {})}
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the gateway is."""
        return f"http://127.0.0.1:{self.ports.gateway}"

    def __enter__(self) -> Self:
        """Start and wait until everything is ready."""
        self.start()
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything."""
        self.stop()

    def start(self) -> None:
        """Start the supervisor, and meanwhile migrate the database. Raises StartError when a port is taken."""
        if taken := self.ports.taken():
            listed = ", ".join(f"{port} ({name})" for name, port in taken.items())
            raise StartError(f"These ports are in use: {listed}. Stop what uses them, or set e.g. GATEWAY_PORT.")
        make_private(self.state / "logs")
        self.state.chmod(PRIVATE)  # older versions left it open to everybody on the machine
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(ROOT / "local" / "supervisord.conf")]
        self._supervisor = subprocess.Popen(
            command, env=self.environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
        )
        try:
            subprocess.run([sys.executable, "-m", "orchestrator.migrate"], env=self.environment, cwd=ROOT, check=True)
            self._start_programs(AFTER_MIGRATION)
        except BaseException:
            self.stop()
            raise

    def wait_ready(self) -> None:
        """Wait until every service answers. Raises StartError with the last log lines of what does not."""
        self._wait_for(self.not_ready)

    def wait_gateway(self) -> None:
        """Wait until sessions can be submitted; what assesses them may still be loading. Raises as `wait_ready`."""
        self._wait_for(lambda: [] if gateway_ready(self.url) else ["gateway", "orchestrator"])

    def _wait_for(self, missing_programs: Callable[[], list[str]]) -> None:
        deadline = time.monotonic() + self._start_timeout_s
        while missing := missing_programs():
            broken = [name for name in missing if self._gave_up(name)]
            if broken or time.monotonic() > deadline or self._ended():
                raise StartError(self._explain(broken or missing))
            time.sleep(POLL_S)

    def _start_programs(self, names: Sequence[str]) -> None:
        deadline, waiting = time.monotonic() + self._start_timeout_s, [*names]
        while waiting:
            try:
                self._supervisor_call("startProcess", waiting[0], False)
                waiting.pop(0)
            except OSError:  # it does not listen yet
                if self._ended() or time.monotonic() > deadline:
                    raise StartError(self._explain(["supervisord"])) from None
                time.sleep(POLL_S)

    def not_ready(self) -> list[str]:
        """The programs that do not answer yet."""
        waiting = [n for n, service in GRPC_PROGRAMS.items() if not _serving(getattr(self.ports, n), service)]
        return waiting if gateway_ready(self.url) else [*waiting, "gateway"]

    def wait(self) -> None:
        """Wait until the supervisor ends."""
        assert self._supervisor is not None
        self._supervisor.wait()

    def stop(self) -> None:
        """End every process; kills what does not end in time."""
        if self._supervisor is None or self._supervisor.poll() is not None:
            return
        running = self._stop_programs()
        self._supervisor.send_signal(signal.SIGTERM)
        try:
            self._supervisor.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            for pid in (self._supervisor.pid, *running):  # each leads a process group of its own
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            self._supervisor.wait()

    def shut_down(self) -> bool:
        """Tell a system that another process started in this state folder to end; False when none is there.

        It is told by its own socket: the process id in its file may belong to anybody by now.
        """
        try:
            self._supervisor_call("shutdown")
        except OSError:
            return False
        return True

    def _stop_programs(self) -> list[int]:
        """Tell all to end at once, which the supervisor would tell one after the other; returns all process ids.

        The workflow engine is left to the supervisor, which ends it last.
        """
        try:
            running = {name: pid for name, pid in self.pids().items() if pid}
        except OSError:  # the supervisor does not listen yet, or no more
            return []
        for name in running.keys() - {"temporal"}:
            with suppress(OSError, xmlrpc.client.Fault):
                self._supervisor_call("stopProcess", name, False)
        return list(running.values())

    def pid(self, program: str) -> int:
        """Process id of a program; 0 while it does not run."""
        return int(self._process_info(program)["pid"])

    def pids(self) -> dict[str, int]:
        """Process ids of every program."""
        return {str(p["name"]): int(p["pid"]) for p in self._supervisor_call("getAllProcessInfo")}

    def kill(self, program: str, sign: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a program, which the supervisor then starts again; returns the old process id."""
        pid = self.pid(program)
        os.kill(pid, sign)
        return pid

    def _own_environment(self) -> dict[str, str]:
        scripts = str(Path(sys.executable).parent)
        return {
            "PATH": scripts + os.pathsep + os.environ.get("PATH", ""),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen"))),
            "INTERVIEW_PYTHON": sys.executable,
            "INTERVIEW_STATE": str(self.state),
            "INTERVIEW_SUPERVISOR_SOCKET": str(self._socket),
            "INTERVIEW_OBJECT_STORE": str(self.state / "objects"),
            "INTERVIEW_KEY_ENCRYPTION_FILE": str(self.state / "key-encryption.keys"),
            "INTERVIEW_DATABASE_URL": f"sqlite+aiosqlite:///{self.state / 'sessions.db'}",
        }

    def _supervisor_call(self, method: str, *arguments: Any) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)

    def _process_info(self, program: str) -> dict[str, Any]:
        found: dict[str, Any] = self._supervisor_call("getProcessInfo", program)
        return found

    def _gave_up(self, program: str) -> bool:
        try:
            return str(self._process_info(program)["statename"]) == "FATAL"
        except OSError:
            return False

    def _ended(self) -> bool:
        return self._supervisor is None or self._supervisor.poll() is not None

    def _explain(self, programs: list[str]) -> str:
        lines = [f"These parts did not become ready: {', '.join(programs)}. Their logs are in {self.state / 'logs'}."]
        for name in programs:
            log = self.state / "logs" / f"{name}.log"
            tail = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
            lines += [f"--- {name}", *tail]
        return "\n".join(lines)


def _serving(port: int, service: str) -> bool:
    """Whether this very service answers there: a stranger's server on the port knows nothing of it."""
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.enable_http_proxy", 0)]) as channel:
        try:
            reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service), timeout=2)
        except grpc.RpcError:
            return False
        return bool(reply.status == health_pb2.HealthCheckResponse.SERVING)


def gateway_ready(url: str) -> bool:
    """Whether a gateway answers at `url` and everything behind it is ready."""
    try:
        # On loopback, without the certificates that reading takes longer than the answer.
        return httpx.get(f"{url}/readyz", timeout=5, trust_env=False, verify=False).status_code == 200
    except httpx.HTTPError:
        return False


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
