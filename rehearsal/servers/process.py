"""One server process: started, waited for, stopped by its id."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

POLL_S = 0.05


class StartError(Exception):
    """A server did not come up; the message holds the last lines of its log."""


class ServerProcess:
    """A program in the foreground whose output goes to a file. `start` after `stop` runs it again."""

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        ready: Callable[[], bool],
        *,
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Run nothing yet. `ready` says whether the server answers; `user` is who it runs as, None: who we are."""
        self.command, self.folder, self.log = [str(part) for part in command], folder, folder / "server.log"
        self._ready, self._user, self._environment = ready, user, environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id; raises RuntimeError before `start`."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process.pid

    def start(self, timeout_s: float = 60.0) -> None:
        """Run the program and wait until it answers. Raises StartError."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us: who started the server also stops it
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
            )
        deadline = time.monotonic() + timeout_s
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise StartError(f"{Path(self.command[0]).name} did not start:\n{self._tail()}")
            time.sleep(POLL_S)

    def stop(self, sign: signal.Signals = signal.SIGTERM, timeout_s: float = 30.0) -> None:
        """End the program with `sign`, or kill it after `timeout_s`."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(sign)
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
