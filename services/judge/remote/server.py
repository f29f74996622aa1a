"""Language models behind HTTP: further tries, and how many token probabilities a server gives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import Any, Protocol

from cachetools import TTLCache

from servicekit.wire import Model
from services.judge.chat.model import LARGE, Completion, Conversation, Message, Options, completion, payload
from services.judge.model import BackendError
from services.judge.settings import Settings

LOGPROBS = (20, 5, 0)
"""Numbers of alternatives asked for in turn: OpenAI and vLLM give 20, TGI and several providers 5, some none."""

LEARNED_S = 600.0
"""For so long a server that gives fewer is not asked for more: a refusal may have had another reason."""

BACK_OFF_S = 0.5
"""First pause when a server names none; doubled each time."""


class Unsupported(BackendError):
    """The server refuses this request (400 or 422): its form, or that it is too long. Others may pass."""


AT_ONCE = 4
"""Requests of one conversation that a server is sent at the same time."""


class Endpoint(Protocol):
    """One server and the model asked there."""

    name: str
    model: Model

    async def send(self, body: dict[str, Any]) -> Any:
        """POST one chat completion and return the decoded reply. Raises BackendError and Unsupported."""

    async def close(self) -> None:
        """Close its connections."""


class RemoteChat:
    """A `ChatBackend` on an endpoint."""

    traits = LARGE

    def __init__(self, endpoint: Endpoint, settings: Settings, clock: Callable[[], float] = monotonic) -> None:
        """Send nothing yet. `clock` gives seconds."""
        self.name, self.model = endpoint.name, endpoint.model
        self._endpoint, self._settings = endpoint, settings
        self._learned: TTLCache[str, int] = TTLCache(1, LEARNED_S, clock)

    async def load(self) -> None:
        pass  # a server that is down now may be up later

    async def close(self) -> None:
        """Close connections."""
        await self._endpoint.close()

    @asynccontextmanager
    async def conversation(self, opening: Sequence[Message]) -> AsyncIterator[Conversation]:
        yield _Conversation(self, tuple(opening))

    async def ask(self, messages: Sequence[Message], options: Options) -> Completion:
        """One answer, with as many token probabilities as the server gives. Raises BackendError."""
        refused: Unsupported | None = None
        for most in self._numbers(options.top_logprobs):
            try:
                found = await self._patiently(payload(messages, replace(options, top_logprobs=most)))
            except Unsupported as error:
                refused = error
            else:
                if refused is not None:
                    self._learned["most"] = most
                return found
        raise refused or AssertionError("at least one number is tried")

    def _numbers(self, wanted: int) -> list[int]:
        """The numbers of alternatives to ask for in turn, each once, the largest first."""
        known = self._learned.get("most", LOGPROBS[0])
        return list(dict.fromkeys(min(wanted, number) for number in LOGPROBS if number <= known))

    async def _patiently(self, body: dict[str, Any]) -> Completion:
        """Try again as long as the server says it is of use and the pause is bearable."""
        pause_s = BACK_OFF_S
        for tries_left in range(self._settings.retries, -1, -1):
            try:
                return self._read(await self._endpoint.send(body))
            except BackendError as error:
                wait_s = max(error.retry_after_s or 0.0, pause_s)
                if error.retry_after_s is None or not tries_left or wait_s > self._settings.max_wait_s:
                    raise
            await asyncio.sleep(wait_s)
            pause_s *= 2
        raise AssertionError("the last try returns or raises")

    def _read(self, reply: Any) -> Completion:
        found = completion(reply)
        version = reply.get("system_fingerprint") or reply.get("model") or self.model.version
        self.model = replace(self.model, version=str(version))
        return found


class _Conversation:
    def __init__(self, chat: RemoteChat, opening: tuple[Message, ...]) -> None:
        self._chat, self._opening = chat, opening

    async def complete(self, messages: Sequence[Message], options: Options) -> Completion:
        return await self._chat.ask([*self._opening, *messages], options)

    async def complete_all(self, prompts: Sequence[Sequence[Message]], options: Options) -> list[Completion]:
        """The first alone: a server that is down or refuses is asked once."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(messages: Sequence[Message]) -> Completion:
            async with turn:
                return await self.complete(messages, options)

        found = [await one(prompt) for prompt in prompts[:1]]
        try:
            async with asyncio.TaskGroup() as group:
                others = [group.create_task(one(prompt)) for prompt in prompts[1:]]
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return [*found, *(task.result() for task in others)]


def refusal(status: int, retry_after: str | None) -> BackendError:
    """What an HTTP status of 400 or more means; the body is left out, it may repeat what was sent."""
    if status in (400, 422):
        return Unsupported(f"it refused the request (HTTP {status})", request_bound=True)
    if status in (401, 402, 403):
        return BackendError(f"it refused the key or the account has no credit (HTTP {status})")
    if status in (408, 425, 429) or status >= 500:
        return BackendError(f"it is busy or failing (HTTP {status})", retry_after_s=_seconds(retry_after))
    return BackendError(f"it answered HTTP {status}")


def _seconds(retry_after: str | None) -> float:
    """Retry-After as seconds: a number or a date; 0 when it is neither."""
    try:
        return max(float(retry_after or 0), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(retry_after or "").timestamp() - time(), 0.0)
    except ValueError:
        return 0.0
