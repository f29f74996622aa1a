"""What is in an image: the packages of its lock and Debian's, no installer, byte code that Python takes as it is."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.check_images.builder import Storage
from scripts.check_images.pods import PodError, engine, limits
from scripts.supply_chain import LOCKS

LOOK = Path(__file__).with_name("inside.py")


@dataclass(frozen=True, slots=True)
class Contents:
    """What an image says about itself."""

    packages: dict[str, str]
    debian: dict[str, str]
    pip: bool
    stale: list[str]
    twice: list[str]
    uncompiled: list[str]
    sizes: dict[str, int]


def look(storage: Storage, tag: str) -> Contents:
    """Ask the image's own Python. Raises PodError."""
    command = [*engine(storage), "run", "--rm", "--interactive", "--network", "none", "--user", "0", *limits(), tag]
    done = subprocess.run(
        [*command, "python", "-B", "-"], input=LOOK.read_text(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PodError(f"{tag} cannot be looked into: {done.stderr[-1000:]}")
    return Contents(**json.loads(done.stdout))


def problems(image: str, contents: Contents) -> Iterator[str]:
    """What should not be so."""
    wanted = pinned((LOCKS / f"{image}.txt").read_text())
    inside = {name: version.split("+")[0] for name, version in contents.packages.items()}
    yield from (f"{name} {version} is in the lock, not in the image" for name, version in wanted.items()
                if inside.get(name) != version)  # fmt: skip
    yield from (f"{name} is in no lock" for name in sorted(inside.keys() - wanted.keys() - {"torch"}))
    if contents.pip:
        yield "pip is in the image"
    yield from (f"{path} is made again at each start" for path in contents.stale[:5])
    yield from (f"{path} has byte code twice" for path in contents.twice[:5])
    yield from (f"{path} has no byte code" for path in contents.uncompiled[:5])


def locked(lock: str) -> list[str]:
    """The packages of a lock."""
    return re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==", lock, re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    """Versions by package."""
    found = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", lock, re.MULTILINE))
    return {name: found[name] for name in locked(lock)}


def complete_sbom(path: Path, contents: Contents, release: str) -> None:
    """Add Debian's packages, which no lock names, to a CycloneDX file of the lock."""
    sbom: dict[str, Any] = json.loads(path.read_text())
    known = {component["purl"] for component in sbom["components"] if "purl" in component}
    for name, version in sorted(contents.debian.items()):
        purl = f"pkg:deb/debian/{name}@{version.replace(':', '%3A')}?distro={release}"
        if purl not in known:
            part = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
            sbom["components"].append(part)
    path.write_text(json.dumps(sbom, indent=2) + "\n")
