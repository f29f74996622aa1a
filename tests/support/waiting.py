"""Waiting for what tells nobody that it has come. The only limit is the suite's own: machines are slow and busy."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

PAUSE_S = 0.02


async def until(holds: Callable[[], object]) -> None:
    """Wait until something is so."""
    while not holds():  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(PAUSE_S)


def wait_until(holds: Callable[[], object]) -> None:
    """The same for tests that block."""
    while not holds():
        time.sleep(PAUSE_S)


class Watched:
    """A model whose work is counted: `finished` is how often one of its calls was left alone until its end."""

    def __init__(self, model: Any, method: str) -> None:
        """`method` gives a generator, which may be closed before its end."""
        self._model, self._method, self.finished = model, method, 0

    def __getattr__(self, name: str) -> Any:
        return self._counted if name == self._method else getattr(self._model, name)

    def _counted(self, *arguments: Any) -> Any:
        yield from getattr(self._model, self._method)(*arguments)
        self.finished += 1
