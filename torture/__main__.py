"""The system under torture: `python -m torture [--short] [--sessions 200 ...]`. Ends with 1 where a zero is missing."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path

from local.system import ROOT
from rehearsal.servers.process import StartError
from torture.counts import Count, counts_text
from torture.files import torture_files
from torture.sizes import FULL, SHORT, Sizes
from torture.system import torture_system

OUTPUT = ROOT / "out" / "torture.json"
NUMBERS = tuple(each.name for each in fields(Sizes) if each.name not in ("replicas", "models"))


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)


def main() -> int:
    """Entry point."""
    given = _arguments()
    own = {name: value for name in NUMBERS if (value := getattr(given, name)) is not None}
    sizes = replace(SHORT if given.short else FULL, **own)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or the processes would stay behind
    os.environ["SVT_LOG"] = "0"  # an encoder that talks
    try:
        with _folder(given.logs) as folder:
            counts = _tortured(folder, sizes)
    except KeyboardInterrupt:
        return 130
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    say("\n" + counts_text(counts))
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps([asdict(count) for count in counts], indent=2) + "\n")
    failed = any(count.failed for count in counts)
    say(f"\n{'FAILED: a zero is missing.' if failed else 'Every zero is there.'} Seed {sizes.seed}.")
    return int(failed)


def _tortured(folder: Path, sizes: Sizes) -> list[Count]:
    counts = torture_files(folder / "files", sizes.files, sizes.seed, sizes.file_s, say) if sizes.files else []
    if sizes.system:
        (folder / "system").mkdir()
        counts += torture_system(folder / "system", sizes, say)
    if sizes.model_sessions:
        (folder / "models").mkdir()
        say("The same with real models.")
        found = torture_system(folder / "models", sizes.with_models, say)
        counts += [replace(count, part=f"{count.part}, real models") for count in found]
    return counts


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--short", action="store_true", help="under four minutes")
    parser.add_argument("--logs", type=Path, help="an empty folder in which logs and faulty files stay")
    for name in NUMBERS:
        kind = type(getattr(FULL, name))
        shown = f"default {getattr(FULL, name)}, short {getattr(SHORT, name)}"
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, help=shown)
    return parser.parse_args()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """Where state and logs are: the given folder, or one that is deleted."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="interview-torture-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main())
