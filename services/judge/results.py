"""What was found before, by the hash of what was asked: the same request costs nothing twice."""

from __future__ import annotations

import hashlib
from typing import TypeVar

from services.judge.chat import prompts
from services.judge.memory import Memory
from services.judge.model import Evaluation, RatingInput, Rubric, SummaryInput, Translation, TranslationInput

R = TypeVar("R", Evaluation, Translation)


class Results:
    """The latest results in memory. Only those of the first choice are kept: a stand-in is asked again."""

    def __init__(self, memory: Memory[Evaluation | Translation]) -> None:
        """Keep them there."""
        self._memory = memory

    def get(self, key: str, kind: type[R]) -> R | None:
        """The result, if it is still there."""
        found = self._memory.get(key)
        return found if isinstance(found, kind) else None

    def keep(self, key: str, found: R) -> R:
        """Keep a result unless backends failed before it; gives it back. Needs a running event loop."""
        if not found.work.failures and found.work.backend != "rules":
            self._memory.keep(key, found)
        return found


def key(request: RatingInput | TranslationInput | SummaryInput, rubric: Rubric | None = None) -> str:
    """SHA-256 of everything that a result depends on, the prompts included."""
    return hashlib.sha256(repr((request, rubric, prompts.version())).encode()).hexdigest()
