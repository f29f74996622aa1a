"""A PostgreSQL server of one's own, on loopback."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.ports import free_ports
from rehearsal.servers.process import ServerProcess, StartError

USER = "interview"
_HOST = "127.0.0.1"
_ONE_LIFE = {"fsync": "off", "full_page_writes": "off"}
"""What it holds outlives its processes, however they end, but no power cut; nothing of a run has to."""
_DEBIAN_PROGRAMS = "/usr/lib/postgresql/*/bin"  # not on PATH there, a folder a version


class PostgreSql:
    """A cluster with one user, who owns a database for each that `create_database` is asked for."""

    def __init__(self, folder: Path, programs: Path) -> None:
        """Make the cluster in the empty `folder` with the programs in `programs`; `start` runs it."""
        self.port = free_ports(1)[0]
        self._programs, self._password, self._user = programs, secrets.token_hex(16), _unprivileged_user()
        if self._user:
            shutil.chown(folder, self._user)
        self._folder = folder
        self._make_cluster()
        options = {"port": self.port, "listen_addresses": _HOST, "unix_socket_directories": "", **_ONE_LIFE}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.process = ServerProcess(
            [programs / "postgres", "-D", folder / "data", *settings], folder, self._ready, user=self._user
        )

    def url(self, database: str) -> str:
        """SQLAlchemy URL of a database, as `INTERVIEW_DATABASE_URL` takes it."""
        return f"postgresql+asyncpg://{USER}:{self._password}@{_HOST}:{self.port}/{database}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """Make a database, empty or a copy of `template`, and return its URL."""
        self._run("createdb", "-h", _HOST, "-p", str(self.port), "-U", USER, "-T", template, name)
        return self.url(name)

    def start(self) -> None:
        """Run the server and wait until it takes connections. Raises StartError."""
        self.process.start()

    def stop(self) -> None:
        """End the server without waiting for clients to leave (PostgreSQL's fast shutdown)."""
        self.process.stop(signal.SIGINT)

    def _make_cluster(self) -> None:
        password = self._folder / "password"
        password.write_text(self._password)
        if self._user:
            shutil.chown(password, self._user)
        self._run(
            "initdb", "-D", str(self._folder / "data"), "-U", USER, f"--pwfile={password}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def _ready(self) -> bool:
        command = [str(self._programs / "pg_isready"), "-q", "-h", _HOST, "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            env={**os.environ, "PGPASSWORD": self._password},
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )


@contextmanager
def postgresql() -> Iterator[PostgreSql]:
    """A running server that is gone with all it held when the context ends. Raises StartError.

    It lives in a folder of its own among the system's temporary ones: PostgreSQL refuses to run as root and so runs
    as a user who cannot enter root's private folders, pytest's among them.
    """
    with tempfile.TemporaryDirectory(prefix="interview-postgresql-", ignore_cleanup_errors=True) as folder:
        server = PostgreSql(Path(folder), _find_programs())
        try:
            server.start()
            yield server
        finally:
            server.process.stop(signal.SIGQUIT)  # nothing is to be kept, so nothing needs to be written out


def _find_programs() -> Path:
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    versions = sorted(Path("/").glob(_DEBIAN_PROGRAMS.lstrip("/")), key=lambda path: float(path.parent.name))
    if not versions:
        raise StartError("PostgreSQL is not installed: run scripts/test-servers.sh")
    return versions[-1]


def _unprivileged_user() -> str | None:
    """Who PostgreSQL runs as: for root its package's own user, else who we are."""
    if os.geteuid() != 0:
        return None
    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"
