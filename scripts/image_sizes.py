"""How large the images are, estimated without building them: `python -m scripts.image_sizes` prints a table.

Counted are the packages of each lock by the file lists of the installed ones, which are the same here and in an image,
the Debian packages and Python's base image. Layers are compressed in a registry, to about 40 %.
"""

from __future__ import annotations

import importlib.metadata
import re

from scripts.check_k8s.manifests import ROOT

BASE_MB = 130
"""python:3.11-slim-bookworm, unpacked."""

DEBIAN_MB = {"vision": 185, "gateway": 15}
"""Sums of `Installed-Size` in Debian 12: libgl1 brings Mesa and LLVM. The others have tini and at most libgomp1."""

OTHERS_MB = {"nvidia-cublas-cu12": 856, "nvidia-cuda-nvrtc-cu12": 227, "nvidia-cudnn-cu12": 1164}
"""Only in the image for GPUs, so not installed here: the sums of their file lists."""

UNLOCKED = {"audio": ("torch",)}
"""Comes from an index of its own, so that it has no CUDA libraries."""


def main() -> None:
    """Print the table."""
    print("| image | packages MB | largest | with base and libraries MB |\n|---|---|---|---|")
    for path in sorted((ROOT / "locks").glob("*.txt")):
        image = path.stem
        if not _dockerfile(image):
            continue
        sizes = {name: package_mb(name) for name in (*locked(path.read_text()), *UNLOCKED.get(image, ()))}
        largest = sorted(sizes, key=lambda name: -sizes[name])[:4]
        total = sum(sizes.values())
        named = ", ".join(f"{name} {sizes[name]:.0f}" for name in largest)
        print(f"| {image} | {total:.0f} | {named} | {total + BASE_MB + DEBIAN_MB.get(image, 1):.0f} |")


def locked(lock: str) -> list[str]:
    """The packages of a lock."""
    return re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==", lock, re.MULTILINE)


def package_mb(name: str) -> float:
    """The files of an installed package, MB. Byte code comes on top and is left out: about a tenth of pure Python."""
    if name in OTHERS_MB:
        return OTHERS_MB[name]
    files = importlib.metadata.distribution(name).files or []
    return sum(file.size or 0 for file in files) / 1e6


def _dockerfile(image: str) -> bool:
    folder = image.removesuffix("-cuda")
    return any((ROOT / parent / folder / "Dockerfile").exists() for parent in ("services", "."))


if __name__ == "__main__":
    main()
