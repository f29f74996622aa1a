"""The process that forks a decoder for each recording: it has read Python, PyAV and NumPy once, and nothing else since.

It is started clean and has one thread. It hands descriptors on without reading from them, so what strangers sent
never reaches it. Who asks is at its control socket (`process` through `decoders`): one byte and four descriptors, the
recording, the decoder's input and output, and a line. On the line it says the decoder's process id and, at last, how it
ended; a line that is closed at the other end ends its decoder.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import select
import signal
import socket
import struct
from collections.abc import Callable

from servicekit.recording import jail

RECORDING = 3
"""The recording's descriptor in a decoder, after its input, its output and nothing for complaints."""
NUMBER = struct.Struct("<i")
DESCRIPTORS = 4
MOST_FILES = 1024
"""Of the server: three are its own, one goes with each decoder."""

LIMITS_SIGNALS = (signal.SIGPROF, signal.SIGXCPU)
"""What ends a decoder whose time is over."""


def serve(work: Callable[[], None]) -> None:
    """Fork a process that does `work` for each request, until nobody asks any more and the last has ended."""
    for number in LIMITS_SIGNALS:  # whoever started this may ignore them, and its children would too
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    files = min(MOST_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    gc.collect()
    gc.freeze()  # decoders share what is there: collecting it would copy it
    _Server(work).run()


class _Server:
    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._control = socket.socket(fileno=os.dup(0))
        self._lines: dict[int, socket.socket] = {}
        """Of each decoder, by process id."""
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._poll = select.poll()
        self._poll.register(self._woken, select.POLLIN)
        self._poll.register(self._control, select.POLLIN)
        self._asked = True

    def run(self) -> None:
        while self._asked or self._lines:
            ready = {file for file, _ in self._poll.poll()}
            for pid, line in self._lines.items():
                if line.fileno() in ready:  # nothing is ever said on it: it was closed
                    self._poll.unregister(line)
                    os.kill(pid, signal.SIGKILL)  # it was not waited for, so the number is still its own
            if self._woken in ready:
                os.read(self._woken, 512)
                self._bury()
            if self._control.fileno() in ready:
                self._answer()

    def _bury(self) -> None:
        """Say how each decoder ended that did."""
        for pid in list(self._lines):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                with self._lines.pop(pid) as line:
                    with contextlib.suppress(KeyError):  # it was closed at the other end
                        self._poll.unregister(line)
                    _say(line, os.waitstatus_to_exitcode(status))

    def _answer(self) -> None:
        try:
            asked, files, _, _ = socket.recv_fds(self._control, 1, DESCRIPTORS)
        except ConnectionError:  # who asked has gone in the middle of it
            asked, files = b"", []
        if not asked:
            self._asked = False
            self._poll.unregister(self._control)
        elif len(files) == DESCRIPTORS:
            self._fork(files)
        else:  # no room for more: their ends say so
            for file in files:
                os.close(file)

    def _fork(self, files: list[int]) -> None:
        server = os.getpid()
        line = socket.socket(fileno=files.pop())
        try:
            pid = os.fork()
        except OSError:
            line.close()
        else:
            if not pid:
                _decode(self._work, server, *files)
            self._lines[pid] = line
            line.setblocking(False)
            self._poll.register(line, select.POLLIN)
            _say(line, pid)
        for file in files:
            os.close(file)


def _decode(work: Callable[[], None], server: int, recording: int, source: int, target: int) -> None:
    """What a decoder does, from its first moment to its last."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for wanted, kept in ((source, 0), (target, 1), (recording, RECORDING)):
            os.dup2(wanted, kept)
        os.closerange(RECORDING + 1, MOST_FILES)
        jail.end_with(server)
        work()
        code = 0
    finally:
        os._exit(code)  # not through the server's own end


def _say(line: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):  # nobody wants to know any more
        line.send(NUMBER.pack(number))
