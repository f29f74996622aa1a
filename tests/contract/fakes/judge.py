"""A language model that rates by counting words and translates by marking them. Deterministic and quick."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from servicekit.wire import Model
from services.judge.chat.model import SMALL, Completion, Conversation, Message, Options, Token

MODEL = Model("fake-chat", "1", "0" * 64, "python")
FULL_MARKS_WORDS = 60


class FakeChat:
    """A `ChatBackend`. `delay_s` is how long each reply takes."""

    name = "llamacpp"
    traits = SMALL
    model = MODEL

    def __init__(self, delay_s: float = 0.0) -> None:
        self.delay_s = delay_s
        self.started = asyncio.Event()
        self.asked: list[str] = []

    async def load(self) -> None:
        pass

    async def close(self) -> None:
        pass

    @asynccontextmanager
    async def conversation(self, opening: Sequence[Message]) -> AsyncIterator[Conversation]:
        """Keeps nothing."""
        yield _Conversation(self)

    async def reply(self, text: str) -> Completion:
        """A digit, yes or no, a letter, or a translation, by what the text asks for."""
        self.asked.append(text)
        self.started.set()
        await asyncio.sleep(self.delay_s)
        return _reply(text)


class _Conversation:
    def __init__(self, chat: FakeChat) -> None:
        self._chat = chat

    async def complete(self, messages: Sequence[Message], options: Options) -> Completion:
        return await self._chat.reply(messages[-1].content)

    async def complete_all(self, prompts: Sequence[Sequence[Message]], options: Options) -> list[Completion]:
        return [await self.complete(messages, options) for messages in prompts]


def _reply(text: str) -> Completion:
    if text.endswith("A or G?"):
        aimed = 0.95 if "score" in text else 0.02
        return one_token({"a": 1 - aimed, "g": aimed})
    data, _, task = text.rpartition("\n\n")
    if "one letter" in task:
        return one_token({"a": 0.1, "b": 0.8})
    if not data:
        words = [f"xx{word}" for word in text.split()]
        return Completion(" ".join(words), None, len(words), len(words))
    share = min(len(json.loads(data)["candidate_answer"].split()) / FULL_MARKS_WORDS, 1.0)
    if "yes or no" in task:
        return one_token({"yes": 0.1 + 0.8 * share, "no": 0.9 - 0.8 * share})
    return one_token({"1": 0.05, "2": 0.9 * (1 - share), "5": 0.05 + 0.9 * share})


def one_token(shares: dict[str, float]) -> Completion:
    """A completion of one token with these probabilities."""
    likely = max(shares, key=lambda k: shares[k])
    alternatives = tuple((k, math.log(p)) for k, p in shares.items() if p > 0)
    return Completion(likely, (Token(likely, math.log(shares[likely]), alternatives),), 10, 1)
