"""The model of this process as the rest of the judge sees it: it reads answers, talks, and can be stopped."""

from __future__ import annotations

import asyncio
import importlib.metadata
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from servicekit.weights.errors import WeightsError
from servicekit.weights.resolver import ResolvedModel, resolve
from servicekit.wire import Model
from services.judge.chat.model import LARGE, SMALL, Completion, Conversation, Message, Options, Traits
from services.judge.learned.reading import Reader, Reading
from services.judge.llama.context import LlamaContext, Stopped
from services.judge.llama.cores import Cores
from services.judge.llama.model import LlamaError, LlamaModel
from services.judge.llama.replies import LINES, Writer
from services.judge.model import BackendError
from services.judge.settings import Settings

T = TypeVar("T")

STATES = "openings"
"""Folder beside the weights with what was read of the openings."""

LARGE_PARAMETERS = 6e9
"""From here on a model's free text can be shown to people: 7B and 8B models count, 3B and 4B ones do not."""

READING_ROOM = 6144
"""Tokens of a reading: an opening of 800, the longest question and reference that the contract takes (4,000), and a
passage of 450 words. A text that needs more all the same is refused with its reason."""


class LlamaCpp:
    """One model, one call at a time; others wait for their turn.

    The same calls give the same numbers to the last bit: reading has a context of its own, which before each answer
    holds the opening and nothing else.
    """

    name = "llamacpp"

    def __init__(self, settings: Settings) -> None:
        """Load nothing yet."""
        self._settings = settings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="llama")
        self._stop = threading.Event()
        self._turn = asyncio.Lock()
        self._cores = Cores(settings.threads)
        self._loaded: _Loaded | None = None
        self.traits: Traits = SMALL
        self.model: Model

    async def load(self) -> None:
        """Resolve and load the weights. Raises WeightsError."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def close(self) -> None:
        """Free the model."""
        await asyncio.to_thread(self._thread.shutdown)
        loaded, self._loaded = self._loaded, None
        if loaded is not None:
            loaded.close()

    @asynccontextmanager
    async def conversation(self, opening: Sequence[Message]) -> AsyncIterator[Conversation]:
        yield _Conversation(self, tuple(opening))

    async def prepare(self) -> None:
        """Read the opening of ratings, or take it from its file: what `make models` does once."""
        await self._work(lambda loaded: loaded.open_reader())

    async def read(self, question: str, reference: str, answer: str, criteria: Sequence[str] = ()) -> Reading:
        """One pass over an answer; see `Reader.read`. Raises BackendError."""
        return await self._work(lambda loaded: loaded.open_reader().read(question, reference, answer, criteria))

    async def write(
        self, opening: Sequence[Message], prompts: Sequence[Sequence[Message]], options: Options
    ) -> list[Completion]:
        """Replies to several prompts; see `Writer.write`. Raises BackendError."""
        return await self._work(lambda loaded: loaded.open_writer().write(opening, prompts, options))

    async def _work(self, task: Callable[[_Loaded], T]) -> T:
        """Do something in the model's thread; cancelling stops the model first."""
        async with self._turn:
            self._stop.clear()
            work = asyncio.get_running_loop().run_in_executor(self._thread, self._done, task)
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                self._stop.set()
                await asyncio.wait([work])
                raise

    def _done(self, task: Callable[[_Loaded], T]) -> T:
        assert self._loaded is not None, "load() comes first"
        self._loaded.set_threads(self._cores.free())
        try:
            return task(self._loaded)
        except LlamaError as error:
            raise BackendError(str(error), request_bound=True) from error
        except Stopped as error:
            raise BackendError("it was stopped") from error

    def _load(self) -> None:
        if self._loaded is not None:
            return
        found = resolve(self._settings.llamacpp_model, self._settings.model_dir)
        try:
            self._loaded = _Loaded(found, self._settings, self._stop.is_set)
        except LlamaError as error:
            raise WeightsError(f"{error}. Name another model in JUDGE_LLAMACPP_MODEL.") from error
        self.traits = LARGE if self._loaded.model.parameters >= LARGE_PARAMETERS else SMALL
        self.model = _model(found, self._settings)


class _Loaded:
    """Weights and contexts; contexts are made when they are first needed."""

    def __init__(self, found: ResolvedModel, settings: Settings, stopping: Callable[[], bool]) -> None:
        self.model = LlamaModel(found.main_file, settings.gpu_layers)
        self._settings, self._stopping, self._folder = settings, stopping, found.directory / STATES
        self._contexts: list[LlamaContext] = []
        self._threads = 1
        self._reader: Reader | None = None
        self._writer: Writer | None = None

    def open_reader(self) -> Reader:
        if self._reader is None:
            reader = Reader(self.model, self._context(READING_ROOM, 2))
            reader.open(self._folder)
            self._reader = reader
        return self._reader

    def open_writer(self) -> Writer:
        if self._writer is None:
            context = self._context(self._settings.llamacpp_context_tokens, 1 + LINES)
            self._writer = Writer(self.model, context, self._folder)
        return self._writer

    def _context(self, tokens: int, sequences: int) -> LlamaContext:
        context = LlamaContext(self.model, tokens, sequences, self._stopping)
        context.set_threads(self._threads)
        self._contexts.append(context)
        return context

    def set_threads(self, count: int) -> None:
        self._threads = count
        for context in self._contexts:
            context.set_threads(count)

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        self.model.close()


class _Conversation:
    def __init__(self, llama: LlamaCpp, opening: tuple[Message, ...]) -> None:
        self._llama, self._opening = llama, opening

    async def complete(self, messages: Sequence[Message], options: Options) -> Completion:
        return (await self._llama.write(self._opening, [messages], options))[0]

    async def complete_all(self, prompts: Sequence[Sequence[Message]], options: Options) -> list[Completion]:
        return await self._llama.write(self._opening, prompts, options)


def _model(found: ResolvedModel, settings: Settings) -> Model:
    runtime = f"ik_llama.cpp ({importlib.metadata.version('ik-llama-cpp-python')})"
    device = "cuda" if settings.gpu_layers else "cpu"
    arithmetic = "q4_k_m" if "q4_k_m" in found.name.lower() else ""
    return Model(found.name, found.version, found.sha256, runtime, device, arithmetic)
