"""Generate the client that blocks from the one for asyncio: `python -m scripts.generate_client [FOLDER]`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import unasync

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "interview_client" / "client"
SOURCE, GENERATED = "asynchronous", "blocking"
REPLACED = {
    SOURCE: GENERATED,
    "AsyncInterviewClient": "InterviewClient",
    "AsyncResources": "Resources",
    "AsyncRecruiting": "Recruiting",
    "AsyncCandidates": "Candidates",
    "AsyncSettling": "Settling",
    "AsyncClient": "Client",
    "asyncio": "time",  # of which only `sleep` is used
    "aclose": "close",
    "aclosing": "closing",
    "aiter_bytes": "iter_bytes",
    "aread": "read",
    "awrite": "write",
}
HEADER = f"# Generated from ../{SOURCE}/ by `make generate`. Never edited.\n"


def main() -> int:
    """Entry point."""
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else CLIENT / GENERATED)
    return 0


def generate(folder: Path) -> None:
    """Write the generated package into `folder`, over what is there."""
    with TemporaryDirectory() as working:
        made = [_made(source, Path(working)) for source in sorted((CLIENT / SOURCE).glob("*.py"))]
        _ruff("check", "--select", "I,UP028", "--fix", "--unsafe-fixes", working)  # order of names, `yield from`
        _ruff("format", working)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.py"):
            old.unlink()
        for path in made:
            (folder / path.name).write_text(HEADER + path.read_text())


def _made(source: Path, folder: Path) -> Path:
    """One file's synchronous form. unasync's own loop takes whole trees by their names, so it is given one each."""
    rule = unasync.Rule(str(source.parent), str(folder), additional_replacements=REPLACED)
    unasync.unasync_files([str(source)], [rule])
    return folder / source.name


def _ruff(*arguments: str) -> None:
    command = [sys.executable, "-m", "ruff", arguments[0], "--quiet", "--config", str(ROOT / "pyproject.toml")]
    subprocess.run([*command, *arguments[1:]], check=True)


if __name__ == "__main__":
    sys.exit(main())
