"""What a build takes from elsewhere: the base image and the packages' wheels. A builder gets them as files."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx

from scripts.check_k8s.manifests import ROOT

LOCKS = ROOT / "locks"
DEBIAN = "http://deb.debian.org/debian"
RELEASE = "bookworm"
STAND_IN = ("python3.11", "python3.11-venv", "python3-venv", "python-is-python3", "ca-certificates")
"""Debian's own Python in place of the Dockerfiles' base image, where that cannot be had."""

REGISTRY = "https://registry-1.docker.io/v2/"
REACH_S = 5.0
PIP = (sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check")
ONLY = ("--no-deps", "--only-binary", ":all:")


def registry_answers() -> bool:
    """Whether the registry of the Dockerfiles' base image can be reached; it asks for a token, which is an answer."""
    try:
        return httpx.get(REGISTRY, timeout=REACH_S).status_code in (200, 401)
    except httpx.HTTPError:
        return False


def make_stand_in(archive: Path) -> None:
    """A Debian with Python, as a tar archive. Raises CalledProcessError."""
    include = f"--include={','.join(STAND_IN)}"
    command = ["mmdebstrap", "--quiet", "--variant=minbase", include, RELEASE, str(archive), DEBIAN]
    subprocess.run(command, check=True)


def fetch_wheels(image: str, folder: Path, torch_index: str) -> None:
    """Put the wheels of an image into `folder`, from where pip installs here. Raises CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = ["--require-hashes", "--requirement", str(LOCKS / f"{image}.txt")]
    _fetch(lock, folder, [[]])
    if torch := _torch(image):
        _fetch([torch], folder, [["--index-url", torch_index], []])


def _fetch(wanted: Sequence[str], folder: Path, sources: Sequence[Sequence[str]]) -> None:
    """From the folder itself if it has everything, else from the first source that has."""
    known = ["--no-index", "--find-links", str(folder)]
    for source in (known, *sources):
        last = source is sources[-1]
        command = [*PIP, *ONLY, *source, *wanted, "--dest", str(folder)]
        if not subprocess.run(command, check=last, stderr=None if last else subprocess.DEVNULL).returncode:
            return


def _torch(image: str) -> str:
    """PyTorch comes from no lock, but from a line of the Dockerfile."""
    return next(iter(re.findall(r"^ARG TORCH=(\S+)$", dockerfile(image).read_text(), re.MULTILINE)), "")


def dockerfile(image: str) -> Path:
    """Where an image's is."""
    path = ROOT / image / "Dockerfile"
    return path if path.exists() else ROOT / "services" / image / "Dockerfile"
