"""The caller's side of the decoding process: it is forked for one recording and ends with it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from servicekit.errors import ServiceError, media_unreadable, upstream_down
from servicekit.recording.decoders import ForkServer
from servicekit.recording.fork_server import NUMBER
from servicekit.recording.limits import DEFAULT, Limits
from servicekit.recording.messages import HEAD, LONGEST_HEADER, LONGEST_PAYLOAD
from servicekit.recording.progress import Progress

FORKS = ForkServer()
"""One for the whole process."""
ENDING_S = 10.0
"""A process that has closed its output has ended, and its server says how, in this time."""
_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""What ends a process from outside: no fault of the recording's."""
_CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE, signal.SIGSYS, signal.SIGTRAP)
"""Memory is laid out alike in all that one server forks. Who makes a decoder crash may be trying addresses: the next
recording gets a new server, with another layout."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the process says: values, and bytes beside them."""

    header: dict[str, Any]
    payload: bytearray


class DecodingProcess:
    """Decodes one recording in a process of its own, until it is closed.

    Nothing of the caller's environment goes along, and the process gives up all it does not need (`jail`). Where it
    crashes, takes too much or stands still, the recording is unreadable; the caller goes on. Nothing here waits
    without a limit.
    """

    def __init__(self, path: Path, name: str, limits: Limits = DEFAULT, **options: int) -> None:
        """Start task `name` of `child` on the recording at `path`. Raises MEDIA_UNREADABLE without such a file."""
        self._limits, self._forks = limits, FORKS
        self._known_pid: int | None = None
        file = _opened(path)
        try:
            self._decoder = self._forks.start(file)
        except OSError:
            raise upstream_down("The decoder") from None
        finally:
            os.close(file)
        self._write(json.dumps({"name": name, "limits": asdict(limits)} | options))

    def close(self) -> None:
        """End the process, wherever it is."""
        self._decoder.close()

    def messages(self) -> Iterator[Message]:
        """What it says until its end. Raises MEDIA_UNREADABLE, UPSTREAM_DOWN."""
        while True:
            header_size, payload_size = HEAD.unpack(self._read(HEAD.size))
            if header_size > LONGEST_HEADER or payload_size > LONGEST_PAYLOAD:
                raise media_unreadable("the decoder answers nonsense")
            message = Message(json.loads(self._read(header_size)), self._read(payload_size))
            if "reason" in message.header:
                raise media_unreadable(message.header["why"])
            if "end" in message.header:
                return
            yield message

    def tell(self, answer: int) -> None:
        """Answer what the process asks."""
        self._write(str(answer))

    def _write(self, text: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # it has ended: what is read next says why
            self._decoder.source.write(f"{text}\n".encode())

    def _read(self, size: int) -> bytearray:
        found = bytearray(size)
        left = memoryview(found)
        while left:
            self._wait()
            count = os.readv(self._decoder.target.fileno(), [left])
            if not count:
                raise self._ended()
            left = left[count:]
        return found

    def _wait(self) -> None:
        """Until there is something to read. Raises when that takes too long, and the process makes no progress."""
        if _readable(self._decoder.target, min(1.0, self._limits.silent_s / 4)):
            return
        progress = Progress(self._limits.silent_s)
        while not _readable(self._decoder.target, progress.tick_s):
            progress.look(self._pid(0.0))
            if progress.stands_still:
                raise media_unreadable(f"the decoder has stood still in it for {self._limits.silent_s:.0f} s")
            if progress.is_kept:
                self._forks.retire(self._decoder.server, end=self._known_pid is None)
                raise upstream_down("The decoder")

    def _pid(self, within_s: float) -> int | None:
        if self._known_pid is None:
            self._known_pid = self._number(within_s)
        return self._known_pid

    def _number(self, within_s: float) -> int | None:
        """The next number on the line: first the process id, then how it ended; None where none comes."""
        if not _readable(self._decoder.line, within_s):
            return None
        try:
            text = self._decoder.line.recv(NUMBER.size)
        except ConnectionError:
            return None
        return int(NUMBER.unpack(text)[0]) if len(text) == NUMBER.size else None

    def _ended(self) -> ServiceError:
        """Why the process ended before it had said all."""
        code = None if self._pid(ENDING_S) is None else self._number(ENDING_S)
        if code is None or -code in _OUTSIDE:
            return upstream_down("The decoder")
        if -code in _CRASHES:
            self._forks.retire(self._decoder.server)
        if -code == signal.SIGXCPU:
            return media_unreadable(f"decoding it takes more than {self._limits.cpu_s} s of processor time")
        if -code == signal.SIGPROF:
            silent_s = self._limits.silent_s
            return media_unreadable(f"nothing of it could be decoded in {silent_s:.0f} s of processor time")
        return media_unreadable("it makes the decoder fail")


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        raise media_unreadable("it is not there") from None


def _readable(file: Any, within_s: float) -> bool:
    """Whether there is something to read, or its end, within so many seconds."""
    poll = select.poll()  # `select.select` knows no descriptor over 1023
    poll.register(file, select.POLLIN)
    return bool(poll.poll(1000 * within_s))
