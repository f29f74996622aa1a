"""A process that reads recordings as the worker and the services do: `python -m torture.reading`.

A line of standard input names a file; a line of JSON says what became of it.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
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


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file: read, with what was found missing, or refused for a reason.

    `fault` says what should never be. Memory in MiB: what the reading process grew by, and the most that one of the
    decoding processes had so far.
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
    for line in sys.stdin:
        started, before = time.monotonic(), _reset_peak()
        found = read(Path(line.rstrip("\n")))
        child_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        took_s = time.monotonic() - started
        found = replace(found, took_s=took_s, grown_mib=_peak_mib() - before, child_mib=child_mib)
        print(json.dumps(asdict(found)), flush=True)


def read(path: Path) -> Reading:
    """Read one file through every reader; whatever is raised but a `ServiceError` is a fault."""
    files, folder = psutil.Process().num_fds(), None
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


def _left(files: int, folder: str | None) -> str:
    me = psutil.Process()
    left = [f"{me.num_fds() - files} descriptors"] if me.num_fds() > files else []
    left += [f"process {child.pid}" for child in me.children(recursive=True)]
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
