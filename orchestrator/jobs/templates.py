"""Jobs to start from, a YAML file each beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from google.protobuf.json_format import ParseDict
from interview.jobs.v1 import jobs_service_pb2 as pb

FOLDER = Path(__file__).parent / "templates"


@cache
def templates() -> tuple[pb.JobTemplate, ...]:
    """Every template, by name."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.yaml")))


def _read(path: Path) -> pb.JobTemplate:
    found = yaml.safe_load(path.read_text())
    title = found.pop("title")
    return pb.JobTemplate(name=path.stem, title=title, content=ParseDict(found, pb.JobContent()))
