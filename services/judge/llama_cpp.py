"""llama.cpp inside this process, through xllamacpp."""

from __future__ import annotations

import asyncio
import importlib.metadata
import secrets
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import xllamacpp

from servicekit.weights.resolver import ResolvedModel, resolve
from servicekit.wire import Model
from services.judge.chat import SMALL, Completion, Conversation, Message, Options, completion, payload, user
from services.judge.model import BackendError
from services.judge.settings import Settings

SLOTS = 5
"""Openings whose reading is kept: the rating's, the relevance's, the labelling's, one for each direction of
translation."""

BATCH_TOKENS = 64
"""A call can be stopped after each batch of its prompt: 1.5 s on one core."""

REWIND = user("-")
"""Shorter than any real message and begins like none."""


class LlamaCpp:
    """One model, one call at a time; others wait for their turn.

    The same calls give the same numbers to the last bit: each conversation begins by rewinding its slot to the end
    of its opening, so how the prompt is cut into batches never depends on what came before.
    """

    name = "llamacpp"
    traits = SMALL

    def __init__(self, settings: Settings) -> None:
        """Load nothing yet."""
        self._settings = settings
        self._server: Any = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="llama")
        self._turn = asyncio.Lock()
        self._openings: dict[int, tuple[Message, ...]] = dict.fromkeys(range(SLOTS), ())
        self.model: Model

    async def load(self) -> None:
        """Resolve and load the weights. Raises WeightsError."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def close(self) -> None:
        """Free the model."""
        await asyncio.to_thread(self._thread.shutdown)
        self._server = None

    @asynccontextmanager
    async def conversation(self, opening: Sequence[Message]) -> AsyncIterator[Conversation]:
        """See `ChatBackend.conversation`. Holds the model until it ends."""
        async with self._turn:
            found = _Conversation(self, tuple(opening), self._slot(tuple(opening)))
            await found.complete([REWIND], Options(max_tokens=1))
            yield found

    async def run(self, request: dict[str, Any]) -> Completion:
        """Answer one request in the model's thread; cancelling stops the model first. Raises BackendError."""
        stop = threading.Event()
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._answer, request, stop)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([work])
            raise

    def _load(self) -> None:
        if self._server is not None:
            return
        found = resolve(self._settings.llamacpp_model, self._settings.model_dir)
        self._server = xllamacpp.Server(_parameters(str(found.main_file), self._settings))
        self.model = _model(found, self._settings)

    def _slot(self, opening: tuple[Message, ...]) -> int:
        """The slot that has read this opening; else the one unused for longest. The dict is in order of use."""
        slot = next((s for s, o in self._openings.items() if o == opening), next(iter(self._openings)))
        del self._openings[slot]
        self._openings[slot] = opening
        return slot

    def _answer(self, request: dict[str, Any], stop: threading.Event) -> Completion:
        events: list[dict[str, Any]] = []

        def take(event: dict[str, Any]) -> bool:
            events.append(event)
            return stop.is_set()

        self._server.handle_chat_completions(request, take)
        return completion(_joined(events))


class _Conversation:
    def __init__(self, llama: LlamaCpp, opening: tuple[Message, ...], slot: int) -> None:
        self._llama, self._opening, self._slot = llama, opening, slot

    async def complete(self, messages: Sequence[Message], options: Options) -> Completion:
        request = payload([*self._opening, *messages], options)
        streaming = {"stream": True, "stream_options": {"include_usage": True}, "return_progress": True}
        return await self._llama.run(request | streaming | {"id_slot": self._slot, "cache_prompt": True})


def _parameters(path: str, settings: Settings) -> Any:
    found = xllamacpp.CommonParams()
    found.model.path = path
    found.n_parallel = SLOTS
    found.n_ctx = SLOTS * settings.llamacpp_context_tokens
    found.n_batch = found.n_ubatch = BATCH_TOKENS
    found.n_gpu_layers = settings.gpu_layers
    found.cpuparams.n_threads = settings.threads
    found.cpuparams_batch.n_threads = settings.prompt_threads
    # Waiting threads sleep: the other services need the cores.
    found.cpuparams.poll = found.cpuparams_batch.poll = 0
    # Eight bits halve the context's memory.
    found.cache_type_k = found.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_Q8_0
    found.cache_ram_mib = 0
    found.warmup = found.ui = found.endpoint_slots = False
    found.verbosity = -1
    # The library also listens on a loopback port of its own; nobody knows this key.
    found.api_keys = [secrets.token_hex(32)]
    return found


def _model(found: ResolvedModel, settings: Settings) -> Model:
    runtime = f"llama.cpp (xllamacpp {importlib.metadata.version('xllamacpp')})"
    device = "cuda" if settings.gpu_layers else "cpu"
    arithmetic = "q4_k_m" if "q4_k_m" in found.name.lower() else ""
    return Model(found.name, found.version, found.sha256, runtime, device, arithmetic)


def _joined(events: list[dict[str, Any]]) -> dict[str, Any]:
    """One chat completion from the events of its stream. Raises BackendError."""
    text, reason = "", None
    tokens: list[Any] = []
    for event in events:
        if "error" in event:
            raise _explained(event["error"])
        for choice in event.get("choices") or ():
            text += choice.get("delta", {}).get("content") or ""
            tokens += (choice.get("logprobs") or {}).get("content") or []
            reason = choice.get("finish_reason") or reason
    usage = events[-1].get("usage") if events else None
    choice = {"message": {"content": text}, "logprobs": {"content": tokens}, "finish_reason": reason}
    return {"choices": [choice], "usage": usage}


def _explained(error: dict[str, Any]) -> BackendError:
    if error.get("type") == "exceed_context_size_error":
        size, room = error.get("n_prompt_tokens"), error.get("n_ctx")
        return BackendError(f"the text has {size} tokens and its context only {room}", request_bound=True)
    return BackendError(f"llama.cpp refused the request with code {error.get('code')}")
