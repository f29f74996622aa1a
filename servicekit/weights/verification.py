"""Checking files by SHA-256, once: a stamp beside them remembers what was checked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from servicekit.weights.errors import WeightsError

STAMP = ".verified.json"


def sha256_of(path: Path) -> str:
    """Hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(path: Path, sha256: str, again: bool = False) -> None:
    """Raise WeightsError when the file is missing or differs.

    A file whose size and modification time are those of an earlier successful check is not read again, unless
    `again` asks for it.
    """
    if not path.is_file():
        raise WeightsError(f"{path} is missing. Run `make models`.")
    if not again and is_verified(path, sha256):
        return
    found = sha256_of(path)
    if found != sha256:
        raise WeightsError(difference(path, found, sha256))
    note_verified(path, sha256)


def note_verified(path: Path, sha256: str) -> None:
    """Remember that this very file has that hash."""
    _write(path, _stamps(path) | {path.name: _state(path, sha256)})


def difference(path: Path, found: str, expected: str) -> str:
    """What is said of a file that is not what it should be."""
    return f"{path} has SHA-256 {found}, expected {expected}. Delete it and run `make models` again."


def is_verified(path: Path, sha256: str) -> bool:
    """Whether this very file passed an earlier check; only the stamp is read."""
    return path.is_file() and _stamps(path).get(path.name) == _state(path, sha256)


def _state(path: Path, sha256: str) -> list[object]:
    return [path.stat().st_size, path.stat().st_mtime_ns, sha256]


def _stamps(path: Path) -> dict[str, list[object]]:
    try:
        found = json.loads((path.parent / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, stamps: dict[str, list[object]]) -> None:
    try:
        (path.parent / STAMP).write_text(json.dumps(stamps, indent=1))
    except OSError:
        return  # a read-only model folder is checked again next time
