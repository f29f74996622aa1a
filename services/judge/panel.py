"""The judge: asks its backends in the order of the settings until one answers, and names those that did not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import grpc

from servicekit.errors import ServiceError, field_invalid, upstream_down
from servicekit.telemetry.logs import get_logger
from servicekit.weights.errors import WeightsError
from servicekit.wire import Model
from services.judge import results
from services.judge.chat.evaluator import TEMPLATE, mean_confidence
from services.judge.memory import Memory
from services.judge.model import (
    Backend,
    BackendError,
    Evaluation,
    Evaluator,
    Failure,
    RatingInput,
    Rubric,
    Summary,
    SummaryInput,
    Translation,
    TranslationInput,
    Translator,
    Work,
)
from services.judge.remote.breaker import Breaker
from services.judge.rubrics import RubricError, read
from services.judge.settings import Settings
from services.judge.words.mismatches import mismatches

log = get_logger()
B = TypeVar("B", bound=Backend)
R = TypeVar("R", Translation, Evaluation, Summary)
NOBODY = Model("none", "none", runtime="none", device="")


class NobodyAnswered(Exception):
    """Every backend failed."""

    def __init__(self, failures: Sequence[Failure], broken_output: bool) -> None:
        """`broken_output`: at least one answered out of form."""
        super().__init__("; ".join(f"{f.backend}: {f.reason}" for f in failures) or "no backend is configured")
        self.failures, self.broken_output = tuple(failures), broken_output


class Panel:
    """A `Judge` over several backends."""

    def __init__(
        self,
        evaluators: Sequence[Evaluator],
        translators: Sequence[Translator],
        settings: Settings,
        beside: Panel | None = None,
    ) -> None:
        """Ask in the order given. What this panel shares with the one `beside` it is known to be absent, or to fail
        again and again, in both; what is its own, in this one alone.
        """
        self.evaluators, self.translators = tuple(evaluators), tuple(translators)
        self._own, self._own_keys = {*self._backends} - {*(beside._backends if beside else ())}, beside is not None
        self._settings, self._rubrics = settings, read(settings.rubrics_dir)
        if settings.rubric not in self._rubrics:
            raise RubricError(f"JUDGE_RUBRIC must be one of {', '.join(self._rubrics)}")
        self._results = results.Results(Memory(settings.kept_results, settings.kept_results_s))
        shared = beside._breakers if beside else {}
        self._breakers: dict[Backend, Breaker] = {b: shared.get(b) or self._breaker() for b in self._backends}
        self._absent: dict[Backend, str] = beside._absent if beside else {}
        self.name = ",".join(dict.fromkeys(b.name for b in self._backends))

    @property
    def _backends(self) -> tuple[Backend, ...]:
        return (*self.evaluators, *self.translators)

    async def load(self) -> None:
        """Load every backend. Raises WeightsError when no language model is left to rate."""
        for backend in self._backends:
            try:
                await backend.load()
            except WeightsError as error:
                self._absent[backend] = "its weights are missing: run `make models`"
                log.warning("backend not loaded", backend=backend.name, reason=str(error))
                missing = error
        models = [e for e in self.evaluators if e.name != "rules"]
        if models and all(e in self._absent for e in models):
            raise missing

    async def close(self) -> None:
        """Close every backend that is this panel's own."""
        for backend in self._own:
            await backend.close()

    async def translate(self, request: TranslationInput) -> Translation:
        key = results.key(request)
        if (known := self._results.get(key, Translation)) is not None:
            return known
        try:
            found = await self._first(self.translators, lambda b: b.translate(request))
            return self._results.keep(key, replace(found, mismatches=mismatches(request.text, found.text)))
        except NobodyAnswered as error:
            return Translation("", "none", Work("", NOBODY, failures=error.failures))

    async def evaluate(self, request: RatingInput) -> Evaluation:
        rubric = self._rubric(request.rubric)
        key = results.key(request, rubric)
        if (known := self._results.get(key, Evaluation)) is not None:
            return known
        try:
            return self._results.keep(key, await self._first(self.evaluators, lambda b: b.evaluate(request, rubric)))
        except NobodyAnswered as error:
            raise _refusal(error) from error

    async def summarize(self, request: SummaryInput) -> Summary:
        """A single answer's analysis is its summary."""
        if len(request.answers) == 1 and request.answers[0].analysis:
            return Summary(request.answers[0].analysis, mean_confidence(request), TEMPLATE)
        try:
            return await self._first(self.evaluators, lambda b: b.summarize(request))
        except NobodyAnswered as error:
            raise _refusal(error) from error

    @property
    def rubrics(self) -> tuple[Rubric, ...]:
        return tuple(self._rubrics.values())

    @property
    def default_rubric(self) -> str:
        return self._settings.rubric

    def _rubric(self, name: str) -> Rubric:
        found = self._rubrics.get(name or self._settings.rubric)
        if found is None:
            raise field_invalid("rubric", f"must be one of {', '.join(self._rubrics)}")
        return found

    async def _first(self, backends: Sequence[B], ask: Callable[[B], Awaitable[R]]) -> R:
        failures: list[Failure] = []
        broken = False
        for backend in backends:
            try:
                found: R = await self._asked(backend, ask)
            except BackendError as error:
                failures.append(Failure(backend.name, self._reason(backend, error)))
                broken = broken or error.broken_output
                log.warning("backend failed", backend=backend.name, reason=failures[-1].reason)
            else:
                return replace(found, work=replace(found.work, failures=(*failures, *found.work.failures)))
        raise NobodyAnswered(failures, broken)

    async def _asked(self, backend: B, ask: Callable[[B], Awaitable[R]]) -> R:
        breaker = self._breakers[backend]
        if reason := self._absent.get(backend):
            raise BackendError(reason)
        if breaker.open_s:
            raise BackendError(f"it failed repeatedly and is left alone for {breaker.open_s:.0f} more seconds")
        try:
            found = await ask(backend)
        except BackendError as error:
            if not error.request_bound:
                breaker.failed()
            raise
        breaker.succeeded()
        return found

    def _reason(self, backend: Backend, error: BackendError) -> str:
        own = self._own_keys and backend in self._own
        return f"with the organisation's own key: {error.reason}" if own else error.reason

    def _breaker(self) -> Breaker:
        return Breaker(self._settings.breaker_failures, self._settings.breaker_pause_s)


def _refusal(error: NobodyAnswered) -> ServiceError:
    if error.broken_output:
        message = f"No backend gave a rating in the form asked for ({error})."
        return ServiceError(grpc.StatusCode.INTERNAL, "JUDGE_OUTPUT_INVALID", message)
    return upstream_down(f"Every backend of the judge failed ({error}); the last")
