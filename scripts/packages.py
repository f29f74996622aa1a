"""Install packages by their lock: `python -m scripts.packages LOCK`, into the environment of this Python.

uv does it in a tenth of pip's time and is itself a locked package; pip takes over where uv cannot. Nothing but the
standard library and pip is needed.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.uv_settings import pip_settings, uv_arguments, uv_environment

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
# A PyTorch index that cannot be reached must not hold anybody up; the package index has it too.
QUICKLY = {"UV_HTTP_RETRIES": "0", "UV_HTTP_CONNECT_TIMEOUT": "5", "UV_HTTP_TIMEOUT": "15"}
REASON_CHARS = 300
PIP_QUICKLY = ["--retries", "0", "--timeout", "15"]
BROUGHT_ALONG = {"soundfile": "_soundfile_data"}
"""Packages that have a file for every platform beside those for one, which bring their library in this module."""


class InstallError(Exception):
    """An installer failed; the message is its own."""


class Pip:
    """Installs with pip."""

    def __init__(self, python: str) -> None:
        self._command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]

    def install(self, *arguments: str) -> None:
        """`pip install` with these arguments. Raises InstallError."""
        _run([*self._command, *arguments], dict(os.environ))

    def install_from(self, index: str, requirement: str) -> None:
        """One requirement from an index that may not be there. Raises InstallError."""
        self.install("--index-url", index, *PIP_QUICKLY, requirement)


class Uv:
    """Installs with uv from where pip would."""

    def __init__(self, python: str) -> None:
        """Install uv itself first. Raises InstallError when it cannot be had or does not run."""
        settings = pip_settings(sys.executable)
        major, minor = importlib.metadata.version("pip").split(".")[:2]
        self._environment = dict(os.environ)
        self._environment |= uv_environment(settings, self._environment, (int(major), int(minor)))
        uv = Path(sys.executable).with_name("uv")
        self._command = [str(uv), "pip", "install", "--quiet", "--python", python, *uv_arguments(settings)]
        if not uv.exists() or not _is_locked("uv"):
            Pip(sys.executable).install("--no-deps", "--require-hashes", "-r", str(LOCKS / "uv.txt"))
        _run([str(uv), "--version"], self._environment)

    def install(self, *arguments: str) -> None:
        """`uv pip install` with these arguments. Raises InstallError."""
        _run([*self._command, *arguments], self._environment)

    def install_from(self, index: str, requirement: str) -> None:
        """One requirement from an index that may not be there. Raises InstallError."""
        _run([*self._command, "--default-index", index, requirement], self._environment | QUICKLY)


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m scripts.packages", description=__doc__)
    parser.add_argument("lock", help="a name in locks/, such as dev")
    parser.add_argument("--python", default=sys.executable, help="install into this Python's environment")
    parser.add_argument("--project", action="store_true", help="this project too, editable")
    parser.add_argument("--torch", default="", metavar="VERSION", help="PyTorch of this version too")
    parser.add_argument("--torch-index", default="", metavar="URL", help="take it from here if that can be reached")
    wanted, started = parser.parse_args(), time.monotonic()
    try:
        _install(wanted)
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Packages: {time.monotonic() - started:.1f} s")
    return 0


def _install(wanted: argparse.Namespace) -> None:
    try:
        _install_with(Uv(wanted.python), wanted)
    except (InstallError, OSError, subprocess.CalledProcessError) as error:
        reason = " ".join(str(error).split())[:REASON_CHARS]
        print(f"uv cannot install here, so pip does, which takes minutes ({reason})", file=sys.stderr, flush=True)
        _install_with(Pip(wanted.python), wanted)
    if again := complete(LOCKS / f"{wanted.lock}.txt", wanted.python):
        print(f"Installed again with pip, as it came without its library: {', '.join(again)}", flush=True)


def complete(lock: Path, python: str) -> list[str]:
    """Install again what came without its library, and name it. Where several indexes have the wanted version, uv takes
    it from the first of them, whatever is there, and pip takes the file that fits best. Raises InstallError.
    """
    wanted = {name: requirement(lock.read_text(), name) for name in BROUGHT_ALONG}
    lacking = [name for name, text in wanted.items() if text and not _importable(BROUGHT_ALONG[name], python)]
    for name in lacking:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as only:
            only.write(wanted[name])
            only.flush()
            Pip(python).install("--no-deps", "--force-reinstall", "--require-hashes", "-r", only.name)
    return lacking


def requirement(lock: str, name: str) -> str:
    """The lines of a lock's text for one package, with its hashes; empty where it has none."""
    found = re.search(rf"^{re.escape(name)}==.*(?:\n    .*)*\n", lock, re.MULTILINE)
    return found.group() if found else ""


def _importable(module: str, python: str) -> bool:
    look = f"import importlib.util; raise SystemExit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", look], check=False).returncode == 0


def _install_with(installer: Pip | Uv, wanted: argparse.Namespace) -> None:
    installer.install("--no-deps", "--require-hashes", "-r", str(LOCKS / f"{wanted.lock}.txt"))
    if wanted.torch:
        _install_torch(installer, f"torch=={wanted.torch}", wanted.torch_index)
    if wanted.project:
        installer.install("--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def _install_torch(installer: Pip | Uv, requirement: str, index: str) -> None:
    """What it needs is there from the lock, but for the libraries of a build for GPUs."""
    if index:
        try:
            installer.install_from(index, requirement)
            return
        except InstallError:
            print("The index of PyTorch cannot be reached; the package index has it too.", flush=True)
    installer.install(requirement)


def _is_locked(name: str) -> bool:
    try:
        return f"{name}=={importlib.metadata.version(name)}" in (LOCKS / f"{name}.txt").read_text()
    except importlib.metadata.PackageNotFoundError:
        return False


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InstallError(done.stderr.strip() or f"{command[0]} ended with {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
