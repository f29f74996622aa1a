"""What the report says, from one YAML file a language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

LANGUAGES = ("en", "id")


class Texts:
    """Texts of one language."""

    def __init__(self, language: str) -> None:
        """`language` is one of LANGUAGES."""
        self.language, self._table = language, table(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its values; a key without a text is shown in words."""
        return self._table.get(key, key.replace("_", " ").capitalize()).format(**values)


@lru_cache(maxsize=len(LANGUAGES))
def table(language: str) -> dict[str, str]:
    """Texts by key."""
    found: dict[str, str] = yaml.safe_load((Path(__file__).parent / f"texts.{language}.yaml").read_text())
    return found
