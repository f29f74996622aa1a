"""A process that reads recordings as the worker and the services do: `python -m torture.reading`.

A line of standard input names a file; a line of JSON says what became of it.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil

from orchestrator.activities.recording import Extracted, extract
from servicekit.decoding import MediaProbe, PictureReader, decode_sound
from servicekit.errors import ServiceError, field_invalid
from servicekit.recording.limits import DEFAULT
from servicekit.wire import Span

LIMITS = replace(DEFAULT, silent_s=30.0, cpu_s=60)
"""Those of production, but for time: nothing here is long."""
LONGEST_S = 900.0
"""As `WORKER_MAX_VIDEO_DURATION_S`, shorter for the same reason."""
ENDED_S = 30.0
"""A decoder that has not ended so long after its reading is left behind."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file: read, with what was found missing, or refused for a reason.

    `fault` says what should never be. Memory in MiB: what the reading process grew by, and the most that was seen of a
    decoding process, looked at fifty times a second.
    """

    duration_s: float = 0.0
    missing_s: float = 0.0
    reason: str = ""
    message: str = ""
    fault: str = ""
    took_s: float = 0.0
    grown_mib: float = 0.0
    child_mib: float = 0.0


def main() -> None:
    """Read what standard input names, until it ends."""
    decoders = Decoders()
    decoders.start()
    for line in sys.stdin:
        started, before = time.monotonic(), _reset_peak()
        found = read(Path(line.rstrip("\n")))
        took_s = time.monotonic() - started
        found = replace(found, took_s=took_s, grown_mib=_peak_mib() - before, child_mib=decoders.peak_mib())
        print(json.dumps(asdict(found)), flush=True)


def read(path: Path) -> Reading:
    """Read one file through every reader; whatever is raised but a `ServiceError` is a fault."""
    files, folder = _files(), None
    try:
        with tempfile.TemporaryDirectory(prefix="interview-") as folder:
            found = _read(path, Path(folder))
    except ServiceError as error:
        found = Reading(reason=error.reason, message=error.message)
        if error.retryable:  # it would be tried again and again
            found = replace(found, fault=f"retried: {error.reason}")
    except Exception as error:
        found = Reading(fault=f"INTERNAL: {type(error).__name__}: {error}")
    if left := _left(files, folder):
        found = replace(found, fault=f"left behind: {left}")
    return found


def _read(path: Path, folder: Path) -> Reading:
    found = extract(path, folder / "sound.flac", _check, LIMITS)
    missing = list(found.missing or ())
    if found.missing is not None:
        decode_sound(folder / "sound.flac")
    if found.probe.has_video:
        missing += _pictures(path)
    return Reading(found.probe.duration_s, sum(span.duration_s for span in missing), fault=_impossible(found, missing))


def _check(found: MediaProbe) -> None:
    if found.duration_s > LONGEST_S:
        raise field_invalid("video", "is longer than what is accepted")


def _pictures(path: Path) -> tuple[Span, ...]:
    with closing(PictureReader(path, limits=LIMITS)) as reader:
        if len(reader.probe.pictures) > 1:
            for _ in reader.looks():
                continue
            reader.choose(0)
        before_s = -1.0
        for picture in reader.pictures():
            if picture.offset_s <= before_s or picture.luma().shape != picture.shape:
                raise AssertionError("pictures out of order or of the wrong shape")
            before_s = picture.offset_s
        return reader.missing


def _impossible(found: Extracted, missing: list[Span]) -> str:
    """What a result must never say."""
    total_s = found.probe.duration_s
    if not math.isfinite(total_s) or total_s < 0:
        return f"a length of {total_s}"
    if any(not 0 <= span.start_s <= span.end_s <= total_s + 1e-6 for span in missing):
        return "missing where there is nothing"
    return ""


_LOOKING = threading.Lock()
"""Looking at processes opens files itself."""


class Decoders(threading.Thread):
    """Looks at the memory of decoding processes while they run."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._most = 0

    def run(self) -> None:
        while True:
            with _LOOKING:
                for process in _decoders():
                    with suppress(psutil.Error):
                        self._most = max(self._most, process.memory_info().rss)
            time.sleep(0.02)

    def peak_mib(self) -> float:
        """The most of one since this was asked last."""
        most, self._most = self._most, 0
        return most / (1 << 20)


def _decoders() -> list[psutil.Process]:
    """What the process that starts decoders has started and that has not ended."""
    with suppress(psutil.Error):
        found = [process for server in psutil.Process().children() for process in server.children()]
        return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]
    return []


def _files() -> int:
    """Descriptors, without the line to the process that starts decoders, which stays."""
    me = psutil.Process()
    with _LOOKING:
        return me.num_fds() - len(me.children())


def _left(files: int, folder: str | None) -> str:
    until = time.monotonic() + ENDED_S
    while _decoders() and time.monotonic() < until:
        time.sleep(0.01)  # they end by themselves once nobody reads
    more = _files() - files
    left = [f"{more} descriptors"] if more > 0 else []
    left += [f"process {decoder.pid}" for decoder in _decoders()]
    left += ["more than one server"] if len(psutil.Process().children()) > 1 else []
    left += [folder] if folder and Path(folder).exists() else []
    return ", ".join(left)


def _reset_peak() -> float:
    """Let the peak begin anew, where the system can; what the process has now, MiB."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")
    return psutil.Process().memory_info().rss / (1 << 20)


def _peak_mib() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return psutil.Process().memory_info().rss / (1 << 20)
    return next(_kilobytes(status.read_text(), "VmHWM:")) / 1024


def _kilobytes(text: str, name: str) -> Iterator[float]:
    return (float(line.split()[1]) for line in text.splitlines() if line.startswith(name))


if __name__ == "__main__":
    main()
