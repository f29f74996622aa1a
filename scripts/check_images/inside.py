"""Runs inside an image, by its own Python and with nothing else: prints what is there as JSON."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path

PLACES = ("/venv", "/app")


def stale(path: Path) -> bool:
    """Whether Python would not take this byte code: its source is gone, or another one by time or size."""
    source = Path(importlib.util.source_from_cache(path))
    if not source.exists():
        return True
    flags, when, size = (int.from_bytes(path.read_bytes()[at : at + 4], "little") for at in (4, 8, 12))
    known = source.stat()
    return not flags and (when != int(known.st_mtime) or size != known.st_size & 0xFFFFFFFF)


def debian() -> dict[str, str]:
    """Versions of Debian's packages."""
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return dict(line.split() for line in listed.splitlines())


def main() -> None:
    """Print it."""
    compiled = [path for place in PLACES for path in Path(place).rglob("__pycache__/*.pyc")]
    sources = Path("/app").rglob("*.py")
    found = importlib.metadata.distributions()
    print(
        json.dumps(
            {
                "packages": {re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower(): one.version for one in found},
                "debian": debian(),
                "pip": bool(importlib.util.find_spec("pip") or shutil.which("pip") or shutil.which("pip3")),
                "stale": [str(path) for path in compiled if stale(path)],
                "twice": [str(path) for path in compiled if ".opt-" in path.name],
                "uncompiled": [str(p) for p in sources if not Path(importlib.util.cache_from_source(p)).exists()],
                "sizes": {place: sum(p.lstat().st_size for p in Path(place).rglob("*")) for place in PLACES},
            }
        )
    )


if __name__ == "__main__":
    main()
