"""The caller's side of the decoding process: it is started for one recording and ends with it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from servicekit.errors import ServiceError, media_unreadable, upstream_down
from servicekit.recording.limits import DEFAULT, Limits
from servicekit.recording.messages import HEAD, LONGEST_HEADER, LONGEST_PAYLOAD

PROGRAM = "from servicekit.recording.child import run; run()"
PIPE_BYTES = 1 << 20
_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""What ends a process from outside: no fault of the recording's."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the process says: values, and bytes beside them."""

    header: dict[str, Any]
    payload: bytearray


class DecodingProcess:
    """Decodes one recording in a process of its own, until it is closed.

    Nothing of the caller's environment goes along, and the process gives up all it does not need (`jail`). Where it
    crashes, takes too much or stands still, the recording is unreadable; the caller goes on.
    """

    def __init__(self, path: Path, name: str, limits: Limits = DEFAULT, **options: int) -> None:
        """Start task `name` of `child` on the recording at `path`. Raises MEDIA_UNREADABLE without such a file."""
        self._limits = limits
        self._file = _opened(path)
        task = {"name": name, "file": self._file, "limits": asdict(limits)} | options
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-c", PROGRAM, json.dumps(task)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(self._file,),
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"},
                pipesize=PIPE_BYTES if sys.platform == "linux" else -1,
                bufsize=0,
            )
        except OSError:
            raise upstream_down("The decoder") from None
        finally:
            os.close(self._file)

    def close(self) -> None:
        """End the process, wherever it is."""
        self._process.kill()
        self._process.communicate()

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
        assert self._process.stdin is not None
        self._process.stdin.write(f"{answer}\n".encode())

    def _read(self, size: int) -> bytearray:
        assert self._process.stdout is not None
        file = self._process.stdout.fileno()
        found = bytearray(size)
        left = memoryview(found)
        while left:
            if not select.select([file], [], [], self._limits.silent_s)[0]:
                raise media_unreadable(f"nothing of it could be decoded for {self._limits.silent_s:.0f} s")
            count = os.readv(file, [left])
            if not count:
                raise self._ended()
            left = left[count:]
        return found

    def _ended(self) -> ServiceError:
        """Why the process ended before it had said all."""
        code = self._process.wait()
        if -code in _OUTSIDE:
            return upstream_down("The decoder")
        if -code == signal.SIGXCPU:
            return media_unreadable(f"decoding it takes more than {self._limits.cpu_s} s of processor time")
        return media_unreadable("it makes the decoder fail")


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        raise media_unreadable("it is not there") from None
