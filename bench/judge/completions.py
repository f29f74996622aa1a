"""A language model whose answers are kept on disk under the hash of what was asked: a bench that can be resumed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.judge.chat import ChatBackend, Completion, Conversation, Message, Options, Token


class Kept:
    """A `ChatBackend` around another one; only what is not on disk is asked. Openings are read when needed."""

    def __init__(self, chat: ChatBackend, folder: Path) -> None:
        """Keep one file for each answer in `folder`."""
        self.name, self.traits, self._chat, self._folder = chat.name, chat.traits, chat, folder
        self.asked, self.cpu_s = 0, 0.0
        folder.mkdir(parents=True, exist_ok=True)

    async def load(self) -> None:
        """Load the model."""
        await self._chat.load()
        self.model = self._chat.model

    async def close(self) -> None:
        """Free the model."""
        await self._chat.close()

    @asynccontextmanager
    async def conversation(self, opening: Sequence[Message]) -> AsyncIterator[Conversation]:
        """See `ChatBackend.conversation`."""
        found = _Conversation(self, tuple(opening))
        try:
            yield found
        finally:
            await found.close()

    def read(self, key: str) -> Completion | None:
        """What was answered before."""
        path = self._folder / f"{key}.json"
        return _completion(json.loads(path.read_text())) if path.exists() else None

    def write(self, key: str, found: Completion, cpu_s: float) -> None:
        """Keep an answer and the CPU seconds it took."""
        self.asked, self.cpu_s = self.asked + 1, self.cpu_s + cpu_s
        part = self._folder / f"{key}.part"
        part.write_text(json.dumps(asdict(found) | {"cpu_s": cpu_s}))
        part.rename(self._folder / f"{key}.json")

    def real(self, opening: Sequence[Message]) -> AbstractAsyncContextManager[Conversation]:
        """A conversation with the model itself."""
        return self._chat.conversation(opening)


class _Conversation:
    def __init__(self, kept: Kept, opening: tuple[Message, ...]) -> None:
        self._kept, self._opening = kept, opening
        self._entered: Any = None
        self._real: Conversation

    async def complete(self, messages: Sequence[Message], options: Options) -> Completion:
        key = _key(self._kept.model.sha256, [*self._opening, *messages], options)
        if (found := self._kept.read(key)) is not None:
            return found
        if self._entered is None:
            self._entered = self._kept.real(self._opening)
            self._real = await self._entered.__aenter__()
        started = time.process_time()
        found = await self._real.complete(messages, options)
        self._kept.write(key, found, time.process_time() - started)
        return found

    async def close(self) -> None:
        if self._entered is not None:
            await self._entered.__aexit__(None, None, None)


def _key(model: str, messages: Sequence[Message], options: Options) -> str:
    asked = json.dumps([model, [asdict(m) for m in messages], asdict(options)], ensure_ascii=False)
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _completion(stored: dict[str, Any]) -> Completion:
    stored.pop("cpu_s")
    if stored["tokens"] is not None:
        stored["tokens"] = tuple(
            Token(t["text"], t["logprob"], tuple((a, p) for a, p in t["alternatives"])) for t in stored["tokens"]
        )
    return Completion(**stored)
