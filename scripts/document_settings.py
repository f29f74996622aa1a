"""Renders docs/configuration.md from the settings classes: `python -m scripts.document_settings [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from gateway.settings import GatewaySettings
from orchestrator.scaledown.settings import ScaleDownSettings
from orchestrator.settings import ApiSettings, DatabaseSettings, TemporalSettings, VaultSettings, WorkerSettings
from servicekit.settings import DecodingSettings, ModelSettings, ProcessSettings, StoreSettings
from services.audio.settings import Settings as AudioSettings
from services.judge.settings import Settings as JudgeSettings
from services.transcriber.settings import Settings as TranscriberSettings
from services.vision.settings import Settings as VisionSettings

TARGET = Path(__file__).resolve().parent.parent / "docs" / "configuration.md"
SHARED: dict[str, type[BaseSettings]] = {
    "Object store (every process)": StoreSettings,
    "Model weights (services)": ModelSettings,
    "Decoding recordings (worker, transcriber, vision, audio)": DecodingSettings,
    "Database (orchestrator)": DatabaseSettings,
    "Workflow engine (orchestrator)": TemporalSettings,
    "Encryption (orchestrator)": VaultSettings,
}
PROCESSES: dict[str, type[BaseSettings]] = {
    "Gateway": GatewaySettings,
    "Orchestrator API": ApiSettings,
    "Orchestrator worker": WorkerSettings,
    "Scale-down (Kubernetes)": ScaleDownSettings,
    "Transcriber": TranscriberSettings,
    "Vision": VisionSettings,
    "Audio": AudioSettings,
    "Judge": JudgeSettings,
}
HEAD = """\
# Configuration

Settings are environment variables, or lines `NAME=value` of a file `.env` in the working folder; the environment wins.
Lists and mappings are written as JSON. This page is made from the code by `make docs`.
"""


def render() -> str:
    """The whole page."""
    known: set[str] = set()
    parts = [HEAD, _table("Every process", ProcessSettings, set(), prefixed=False)]
    known |= {n for n, f in ProcessSettings.model_fields.items() if f.validation_alias}
    for title, kind in SHARED.items():
        parts.append(_table(title, kind, known))
        known |= set(kind.model_fields)
    parts += [_table(title, kind, known) for title, kind in PROCESSES.items()]
    return "\n".join(parts)


def _table(title: str, kind: type[BaseSettings], known: set[str], prefixed: bool = True) -> str:
    rows = [f"\n## {title}\n", "| variable | default | meaning |", "|---|---|---|"]
    for name, field in kind.model_fields.items():
        if name not in known and (prefixed or field.validation_alias):
            rows.append(f"| `{_variable(kind, name, field)}` | {_default(field)} | {_text(field)} |")
    return "\n".join(rows)


def _variable(kind: type[BaseSettings], name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    return str(alias) if alias else f"{kind.model_config.get('env_prefix', '')}{name}".upper()


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "see meaning"
    value: Any = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is PydanticUndefined or value == "" or value is None:
        return "none"
    if isinstance(value, Path) and value.is_absolute():
        return "the system's temporary folder"
    return f"`{list(value) if isinstance(value, tuple) else value}`"


def _text(field: FieldInfo) -> str:
    return " ".join((field.description or "").split()).replace("|", "\\|")


def main() -> int:
    """Write the page, or with `--check` say whether it is up to date."""
    if "--check" in sys.argv:
        return 0 if TARGET.read_text() == render() else 1
    TARGET.write_text(render())
    return 0


if __name__ == "__main__":
    sys.exit(main())
