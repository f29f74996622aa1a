"""What was found before, by the hash of what was asked: the same request costs nothing twice."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from typing import TypeVar

from services.judge import prompts
from services.judge.model import Evaluation, RatingInput, Rubric, SummaryInput, Translation, TranslationInput

R = TypeVar("R", Evaluation, Translation)


class Results:
    """The latest results in memory. Only those of the first choice are kept: a stand-in is asked again.

    They hold candidates' words, so they go after a while even when nothing is asked any more.
    """

    def __init__(self, most: int, seconds: float) -> None:
        """Keep at most so many for at most so long; 0 keeps none."""
        self._most, self._seconds = most, seconds
        self._found: OrderedDict[str, Evaluation | Translation] = OrderedDict()

    def get(self, key: str, kind: type[R]) -> R | None:
        """The result, if it is still there."""
        found = self._found.get(key)
        if not isinstance(found, kind):
            return None
        self._found.move_to_end(key)
        return found

    def keep(self, key: str, found: R) -> R:
        """Keep a result unless backends failed before it; gives it back. Needs a running event loop."""
        if self._most and not found.work.failures and found.work.backend != "rules":
            self._found[key] = found
            asyncio.get_running_loop().call_later(self._seconds, self._found.pop, key, None)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return found


def key(request: RatingInput | TranslationInput | SummaryInput, rubric: Rubric | None = None) -> str:
    """SHA-256 of everything that a result depends on, the prompts included."""
    return hashlib.sha256(repr((request, rubric, prompts.version())).encode()).hexdigest()
