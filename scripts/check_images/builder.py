"""Builds images with buildah, in a folder of its own that nobody else's images share."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.check_images.sources import dockerfile
from scripts.check_k8s.manifests import ROOT

WHEELS = "/srv"
"""An empty folder of every Debian: the mount leaves nothing behind."""

PIP_SETTINGS = f"[global]\nno-index = true\nfind-links = {WHEELS}\n"
DRIVERS = ("overlay", "vfs")
PROBE = "FROM {base}\nRUN true\n"


class BuildError(Exception):
    """An image was not built; the message is the builder's last words."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Where images and containers are kept, and by which driver."""

    folder: Path
    driver: str = DRIVERS[0]

    @property
    def options(self) -> list[str]:
        """For buildah and podman alike."""
        folders = ["--root", str(self.folder / "graph"), "--runroot", str(self.folder / "run")]
        return [*folders, "--storage-driver", self.driver]


class Builder:
    """Builds on one base image."""

    def __init__(self, storage: Storage, wheels: Path) -> None:
        """`wheels` is the folder that pip installs from."""
        self.storage, self._wheels, self._base = storage, wheels, ""
        self._settings = storage.folder / "pip.conf"
        self._settings.write_text(PIP_SETTINGS)

    def take_base(self, archive: Path) -> None:
        """Build on the root of a system in an archive. Raises BuildError."""
        container = self._buildah("from", "scratch")
        self._buildah("add", container, str(archive), "/")
        self._base = "localhost/interview-base"
        self._buildah("commit", "--rm", container, self._base)

    def build(self, image: str, tag: str) -> None:
        """Build an image from its Dockerfile and the wheels. Raises BuildError."""
        base = ["--build-arg", f"BASE={self._base}", "--pull-never"] if self._base else []
        given = ["--secret", f"id=pip,src={self._settings}", "--volume", f"{self._wheels}:{WHEELS}:ro"]
        self._buildah(
            "bud", "--isolation", "chroot", *base, *given, "--file", str(dockerfile(image)), "--tag", tag, "."
        )

    def size_bytes(self, tag: str) -> int:
        """Unpacked, with its base."""
        return int(json.loads(self._run("podman", "image", "inspect", tag))[0]["Size"])

    def remove(self, tag: str) -> None:
        """Delete an image."""
        self._buildah("rmi", tag)

    def _buildah(self, *arguments: str) -> str:
        return self._run("buildah", *arguments)

    def _run(self, program: str, *arguments: str) -> str:
        command = [program, *self.storage.options, *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildError(f"{program} {arguments[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout.strip()


def storage_in(folder: Path) -> Storage:
    """With the first driver that works here. Raises BuildError."""
    reason = ""
    for driver in DRIVERS:
        storage = Storage(folder / driver, driver)
        storage.folder.mkdir()
        if not (reason := _refusal(storage)):
            return storage
    raise BuildError(reason)


def release(folder: Path) -> None:
    """Unmount whatever the drivers left mounted in `folder`, so that it can be deleted."""
    mounts = (line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines())
    for mount in reversed([mount for mount in mounts if Path(mount).is_relative_to(folder)]):
        subprocess.run(["umount", "--lazy", mount], check=False)


def _refusal(storage: Storage) -> str:
    """Why the driver does not work, or nothing. It must carry a container whose files change."""
    command: Sequence[str] = ["buildah", *storage.options, "from", "scratch"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        return made.stderr
    container = made.stdout.strip()
    mounted = subprocess.run(
        ["buildah", *storage.options, "mount", container], capture_output=True, text=True, check=False
    )
    subprocess.run(["buildah", *storage.options, "rm", container], capture_output=True, check=False)
    return mounted.stderr if mounted.returncode else ""
