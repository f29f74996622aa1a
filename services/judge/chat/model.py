"""What a language model is to the rest of the judge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from servicekit.wire import Model
from services.judge.model import Backend, BackendError


@dataclass(frozen=True, slots=True)
class Message:
    """One turn; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Options:
    """How to answer. `top_logprobs` 0: no token probabilities are wanted."""

    max_tokens: int
    temperature: float = 0.0
    top_logprobs: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    """One token written, with the likeliest alternatives at its place and their natural log probabilities."""

    text: str
    logprob: float
    alternatives: tuple[tuple[str, float], ...]

    def shares(self, wanted: Sequence[str]) -> dict[str, float]:
        """Probability of each wanted word, 0 to 1; spelled with other spaces or capitals it counts too."""
        found = dict.fromkeys(wanted, 0.0)
        for text, logprob in self.alternatives or ((self.text, self.logprob),):
            key = text.strip().lower()
            if key in found:
                found[key] += math.exp(logprob)
        return found


@dataclass(frozen=True, slots=True)
class Completion:
    """What was written. `tokens` is None when the backend gives no probabilities; `cut` when it hit the limit."""

    text: str
    tokens: tuple[Token, ...] | None
    input_tokens: int
    output_tokens: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Traits:
    """What a model is good for.

    `writes`: its free text can be shown to people. `rating_words` and `translation_words`: how much of an answer it
    takes at once. `grade`: of its translations, `full` or `gist`.
    """

    writes: bool
    rating_words: int
    translation_words: int
    grade: str


LARGE = Traits(writes=True, rating_words=2000, translation_words=300, grade="full")
"""About 8B parameters and more, with a context of 8,000 tokens and more."""

SMALL = Traits(writes=False, rating_words=400, translation_words=40, grade="gist")
"""1 to 4B parameters: free text of theirs loops or comes in the wrong language, long passages lose sentences."""


class Conversation(Protocol):
    """Calls that share their first messages."""

    async def complete(self, messages: Sequence[Message], options: Options) -> Completion:
        """Answer the shared messages followed by these. Raises BackendError."""

    async def complete_all(self, prompts: Sequence[Sequence[Message]], options: Options) -> list[Completion]:
        """The same for several, each by itself, in their order; quicker than one by one where the model can."""


class ChatBackend(Backend, Protocol):
    """A language model."""

    model: Model
    traits: Traits

    def conversation(self, opening: Sequence[Message]) -> AbstractAsyncContextManager[Conversation]:
        """Calls that all begin with `opening`; a backend may keep what it has read of it."""


class Counted:
    """A conversation that counts its tokens."""

    def __init__(self, conversation: Conversation) -> None:
        """Count from zero."""
        self._conversation = conversation
        self.input_tokens = self.output_tokens = 0

    async def complete(self, messages: Sequence[Message], options: Options) -> Completion:
        return (await self.complete_all([messages], options))[0]

    async def complete_all(self, prompts: Sequence[Sequence[Message]], options: Options) -> list[Completion]:
        found = await self._conversation.complete_all(prompts, options)
        self.input_tokens += sum(f.input_tokens for f in found)
        self.output_tokens += sum(f.output_tokens for f in found)
        return found

    @property
    def tokens(self) -> tuple[int, int]:
        """Read and written so far."""
        return self.input_tokens, self.output_tokens


def user(text: str) -> Message:
    """A turn of the user."""
    return Message("user", text)


def payload(messages: Sequence[Message], options: Options) -> dict[str, Any]:
    """The request body of OpenAI's chat completions."""
    body: dict[str, Any] = {
        "messages": [{"role": m.role, "content": m.content} for m in messages],
        "max_tokens": options.max_tokens,
        "temperature": options.temperature,
        "seed": options.seed,
    }
    if options.top_logprobs:
        body |= {"logprobs": True, "top_logprobs": options.top_logprobs}
    return body


def completion(body: Any) -> Completion:
    """The answer of OpenAI's chat completions. Raises BackendError when it is not one."""
    try:
        choice, usage = body["choices"][0], body.get("usage") or {}
        entries = (choice.get("logprobs") or {}).get("content")
        return Completion(
            choice["message"]["content"] or "",
            tuple(_token(e) for e in entries) if entries else None,
            int(usage.get("prompt_tokens") or 0),
            int(usage.get("completion_tokens") or 0),
            choice.get("finish_reason") == "length",
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise BackendError("its reply is not a chat completion", broken_output=True) from error


def _token(entry: Any) -> Token:
    others = tuple((str(a["token"]), float(a["logprob"])) for a in entry.get("top_logprobs") or ())
    return Token(str(entry["token"]), float(entry["logprob"]), others)
