"""Writes docs/result.schema.json from the result's types: `python -m scripts.document_result [--check]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from orchestrator.fusion.serialisation import schema

TARGET = Path(__file__).resolve().parent.parent / "docs" / "result.schema.json"


def render() -> str:
    """The whole file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write the file, or with `--check` say whether it is up to date."""
    if "--check" in sys.argv:
        return 0 if TARGET.read_text() == render() else 1
    TARGET.write_text(render())
    return 0


if __name__ == "__main__":
    sys.exit(main())
