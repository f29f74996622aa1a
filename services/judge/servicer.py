"""`JudgeService`."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import grpc
from interview.judge.v1 import judge_service_pb2 as pb
from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceServicer, add_JudgeServiceServicer_to_server

from servicekit.model_work import model_work
from services.judge import metrics, wire
from services.judge.accounts import Judges
from services.judge.model import Accounts, Evaluation, Judge, Summary, Translation

R = TypeVar("R", Translation, Evaluation, Summary)


class Servicer(JudgeServiceServicer):
    """Translates requests and results around a `Judge`."""

    service_name = pb.DESCRIPTOR.services_by_name["JudgeService"].full_name

    def __init__(self, judge: Judge, with_accounts: Callable[[Accounts], Judge] | None = None) -> None:
        """Load nothing yet. `with_accounts` gives the judge with accounts that a call brings along."""
        self._judge, self._judges = judge, Judges(judge, with_accounts)

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        add_JudgeServiceServicer_to_server(self, server)

    async def load(self) -> None:
        """Load the backends."""
        metrics.begin_at_nought()
        await self._judge.load()

    async def close(self) -> None:
        """Close the backends."""
        await self._judges.close()

    async def Translate(self, request: pb.TranslateRequest, context: Any) -> pb.TranslateResponse:
        """Translate a text."""
        started = time.perf_counter()
        wanted = wire.translation_input(request)
        async with self._judges.of(wire.accounts(request)) as judge:
            found = await _observed("translate", judge.translate(wanted))
        return wire.translation(found, time.perf_counter() - started)

    async def Evaluate(self, request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        """Rate an answer."""
        started = time.perf_counter()
        wanted = wire.rating_input(request)
        async with self._judges.of(wire.accounts(request)) as judge:
            found = await _observed("evaluate", judge.evaluate(wanted))
        return wire.evaluation(found, time.perf_counter() - started)

    async def Summarize(self, request: pb.SummarizeRequest, context: Any) -> pb.SummarizeResponse:
        """Sum up a session."""
        started = time.perf_counter()
        wanted = wire.summary_input(request)
        async with self._judges.of(wire.accounts(request)) as judge:
            found = await _observed("summarize", judge.summarize(wanted))
        return wire.summary(found, time.perf_counter() - started)

    async def ListRubrics(self, request: pb.ListRubricsRequest, context: Any) -> pb.ListRubricsResponse:
        """The rubrics."""
        return pb.ListRubricsResponse(rubrics=[wire.rubric(r, self._judge.default_rubric) for r in self._judge.rubrics])


async def _observed(task: str, answer: Awaitable[R]) -> R:
    with model_work("judge", task) as work:
        found = await answer
        work.done((found.work.model,))
    metrics.count(task, found.work)
    return found
