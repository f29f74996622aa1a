"""Where weights lie, known before any package is installed: they are downloaded meanwhile."""

from __future__ import annotations

import os
import re
from pathlib import Path

VARIABLE = "INTERVIEW_MODEL_DIR"
_LINE = re.compile(rf"\s*(?:export\s+)?{VARIABLE}\s*=\s*(?:'(?P<raw>[^']*)'|\"(?P<quoted>[^\"]*)\"|(?P<bare>[^#\n]*))")


def default_model_dir() -> Path:
    """`interview-assessment/models` in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "interview-assessment" / "models"


def model_dir(env_file: Path = Path(".env")) -> Path:
    """What `ModelSettings.model_dir` will be: from the environment, else from `.env`, else the default."""
    named = os.environ.get(VARIABLE) or _from_file(env_file)
    return Path(named) if named else default_model_dir()


def _from_file(env_file: Path) -> str:
    lines = env_file.read_text(encoding="utf-8").splitlines() if env_file.is_file() else []
    found = [match for match in map(_LINE.match, lines) if match]
    if not found:
        return ""
    raw, quoted, bare = found[-1].group("raw", "quoted", "bare")
    return raw if raw is not None else os.path.expandvars(quoted if quoted is not None else bare.strip())
