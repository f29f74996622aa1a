"""Folders with candidates' data: for the user who runs the system, and nobody else on the machine."""

from __future__ import annotations

from pathlib import Path

PRIVATE = 0o700


def make_private(path: Path) -> None:
    """Make a folder, and those above it that are missing, for its user alone. One that is there stays as it is: whoever
    made it may share it on purpose.
    """
    for missing in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        missing.mkdir(mode=PRIVATE, exist_ok=True)  # `parents=True` would give those above the usual rights
