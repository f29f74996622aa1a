"""Damaged and hostile recordings, read as in production: nothing may crash, hang, swell or end without a reason."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import av

from local.system import ROOT
from servicekit.recording.limits import DEFAULT
from torture.counts import Count, must_be_none
from torture.crafted import crafted
from torture.mutations import mutated
from torture.reading import Reading
from torture.valid import KINDS, write

READERS = 2
GROWN_MIB = 256.0
"""By so much a process that reads may grow at a time: 15 minutes of sound as numbers, several times over."""
PART = "files"


@dataclass(slots=True)
class _Found:
    readings: dict[str, Reading] = field(default_factory=dict)
    crashes: list[str] = field(default_factory=list)


def torture_files(folder: Path, count: int, seed: int, longest_s: float, say: Callable[[str], None]) -> list[Count]:
    """Make and read `count` files, the crafted ones among them; none may take longer than `longest_s`.

    Files that show a fault are kept in `folder`/`kept`.
    """
    av.logging.set_level(None)
    whole, hostile = folder / "valid", folder / "hostile"
    for each in (whole, hostile, folder / "kept"):
        each.mkdir(parents=True)
    say(f"Files: {len(KINDS)} whole recordings, {count} damaged and hostile ones ...")
    originals = [write(whole, kind) for kind in KINDS]
    read = _read_all(originals, folder)
    names = list(_hostile(hostile, originals, count, seed))
    return _whole(read) + _counts(_read_all(names, folder), len(names), longest_s)


def _hostile(folder: Path, originals: Sequence[Path], count: int, seed: int) -> Iterator[Path]:
    made = list(crafted(folder))
    yield from made[:count]
    random, contents = Random(seed), [path.read_bytes() for path in originals]
    for number in range(max(0, count - len(made))):
        path = originals[number % len(originals)]
        what, content = mutated(contents[number % len(contents)], random)
        target = folder / f"{number:04}-{what}-{path.name}"
        target.write_bytes(content)
        yield target


def _read_all(paths: Sequence[Path], folder: Path) -> _Found:
    found, left, lock = _Found(), iter(paths), threading.Lock()

    def work() -> None:
        reader: subprocess.Popen[str] | None = None
        while True:
            with lock:
                path = next(left, None)
            if path is None:
                break
            reader = reader or _reader(folder)
            reading = _asked(reader, path)
            if reading is None:
                found.crashes.append(f"{path.name} ended its reader ({reader.wait()})")
                reader = None
            else:
                found.readings[path.name] = reading
            if reading is None or reading.fault:
                shutil.copy(path, folder / "kept")
        if reader is not None:
            reader.communicate()

    threads = [threading.Thread(target=work) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _reader(folder: Path) -> subprocess.Popen[str]:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen"))), "TMPDIR": str(scratch)}
    with (folder / "reading.log").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "torture.reading"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            text=True,
        )


def _asked(reader: subprocess.Popen[str], path: Path) -> Reading | None:
    """What a reader says of a file; None where it ended instead."""
    assert reader.stdin is not None
    assert reader.stdout is not None
    try:
        reader.stdin.write(f"{path}\n")
        reader.stdin.flush()
    except BrokenPipeError:
        return None
    line = reader.stdout.readline()
    return Reading(**json.loads(line)) if line else None


def _whole(found: _Found) -> list[Count]:
    hurt = [f"{n}: {r.reason}{r.fault}" for n, r in found.readings.items() if r.reason or r.fault]
    return [
        Count(PART, "whole recordings, one a container and codec", len(found.readings) + len(found.crashes)),
        must_be_none(PART, "whole recordings that are not read", [*hurt, *found.crashes]),
    ]


def _counts(found: _Found, count: int, longest_s: float) -> list[Count]:
    readings = found.readings
    reasons = Counter(r.reason for r in readings.values() if r.reason)
    internal = [f"{n}: {r.fault}" for n, r in readings.items() if r.fault]
    slow = [f"{n}: {r.took_s:.0f} s" for n, r in readings.items() if r.took_s > longest_s]
    large = [f"{n}: {r.grown_mib:.0f} MiB" for n, r in readings.items() if r.grown_mib > GROWN_MIB]
    swollen = [f"{n}: {r.child_mib:.0f} MiB" for n, r in readings.items() if r.child_mib > DEFAULT.memory_mb]
    unsaid = [n for n, r in readings.items() if r.reason and not r.message]
    return [
        Count(PART, "damaged and hostile ones", count),
        Count(PART, "read whole", sum(not r.reason and not r.missing_s and not r.fault for r in readings.values())),
        Count(PART, "read, and said what is missing", sum(bool(r.missing_s) for r in readings.values())),
        *(Count(PART, f"refused: {reason}", number) for reason, number in sorted(reasons.items())),
        must_be_none(PART, "that ended who reads them", found.crashes),
        must_be_none(PART, "INTERNAL, tried again or impossible", internal),
        must_be_none(PART, "refused without a reason", unsaid),
        must_be_none(PART, f"over {longest_s:.0f} s", slow),
        must_be_none(PART, f"over {GROWN_MIB:.0f} MiB in who reads", large),
        must_be_none(PART, f"over {DEFAULT.memory_mb} MiB in who decodes", swollen),
        Count(PART, "longest, s", max((r.took_s for r in readings.values()), default=0.0)),
        Count(PART, "most memory of who decodes, MiB", max((r.child_mib for r in readings.values()), default=0.0)),
        Count(PART, "most memory of who reads, MiB", max((r.grown_mib for r in readings.values()), default=0.0)),
    ]
