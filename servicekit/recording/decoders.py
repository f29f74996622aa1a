"""The caller's side of the process that forks decoders: started when it is first needed, and again when it is gone."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import BinaryIO

PROGRAM = "from servicekit.recording import child, fork_server; fork_server.serve(child.run)"
PIPE_BYTES = 1 << 20
ASKING_S, ENDING_S = 10.0, 2.0
"""A server that takes no request for so long stands still, and one that has not ended then is ended."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """A process that was asked for: its input and output, the line that ends it and tells its end, its server."""

    source: BinaryIO
    target: BinaryIO
    line: socket.socket
    server: subprocess.Popen[bytes]

    def close(self) -> None:
        """End it, wherever it is; nothing is waited for."""
        for part in (self.source, self.target, self.line):
            part.close()


class ForkServer:
    """Starts decoders, one process for each. Any thread may ask."""

    def __init__(self, program: str = PROGRAM) -> None:
        """Start no process yet; `program` is what the server runs."""
        self._program, self._lock = program, threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._retired: list[subprocess.Popen[bytes]] = []
        atexit.register(self.close)

    def start(self, recording: int) -> Decoder:
        """Fork a process for the recording behind this descriptor, which stays open here. Raises OSError."""
        with contextlib.ExitStack() as given, contextlib.ExitStack() as kept:
            source, ours = _pipe(given, kept)
            theirs, target = _pipe(kept, given)
            line, ended = socket.socketpair()
            kept.callback(line.close)
            given.callback(ended.close)
            files = [recording, source, target, ended.fileno()]
            with self._lock:
                server = self._asked(files)
            kept.pop_all()
            return Decoder(os.fdopen(ours, "wb", buffering=0), os.fdopen(theirs, "rb", buffering=0), line, server)

    def retire(self, server: subprocess.Popen[bytes], *, end: bool = False) -> None:
        """Ask this server for no more: it ends when its last decoder has, or at once. A new one takes its place."""
        if end:
            server.kill()
        with self._lock:
            if self._server is server:
                self._let_go()

    def close(self) -> None:
        """End the server, and with it what it started."""
        with self._lock:
            self._let_go()
            for server in self._retired:
                try:
                    server.wait(ENDING_S)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()
            self._retired.clear()

    def _asked(self, files: list[int]) -> subprocess.Popen[bytes]:
        """Ask the server, or a new one where it has ended since."""
        if self._server is not None and self._server.poll() is None:
            try:
                return self._sent(files)
            except ConnectionError:
                pass  # it has ended just now
        self._let_go()
        self._begin()
        return self._sent(files)

    def _sent(self, files: list[int]) -> subprocess.Popen[bytes]:
        assert self._server is not None
        assert self._control is not None
        try:
            socket.send_fds(self._control, [b"+"], files)
        except TimeoutError:
            self._let_go()
            raise
        return self._server

    def _begin(self) -> None:
        """Nothing of the environment goes along, and no descriptor."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._server = subprocess.Popen(
                    [sys.executable, "-P", "-s", "-c", self._program],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"},
                    start_new_session=True,  # Ctrl-C and a supervisor's signals are for us: we end it by hanging up
                )
            except OSError:
                ours.close()
                raise
        ours.settimeout(ASKING_S)
        self._control = ours

    def _let_go(self) -> None:
        self._retired = [server for server in self._retired if server.poll() is None]
        if self._server is not None:
            self._retired.append(self._server)
        if self._control is not None:
            self._control.close()
        self._server = self._control = None


def _pipe(reads: contextlib.ExitStack, writes: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe with room, each end closed with its stack."""
    source, target = os.pipe()
    reads.callback(os.close, source)
    writes.callback(os.close, target)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a user has room for so many; smaller ones do, more slowly
            fcntl.fcntl(target, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return source, target
