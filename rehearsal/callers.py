"""Callers who hand in interviews through whichever gateway is there, and see them through to the end."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from interview_client import InterviewClient, NewAnswer
from interview_client.errors import InterviewError
from interview_client.models import SessionPage

T = TypeVar("T")

POLL_S = 1.0
RETRY_S = 0.5
PATIENCE_S = 90.0
SESSION_TIMEOUT_S = 600.0
QUESTION = "Tell me about a problem that you solved."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a session. `state` is `completed`, or says how it was lost; times are seconds since the epoch.

    `tries` is how many requests handing it in took.
    """

    name: str
    answers: int
    state: str
    submitted_at: float
    ended_at: float
    tries: int = 1
    session_id: str = ""

    @property
    def lost(self) -> bool:
        """Whether it did not come to a whole result."""
        return self.state != "completed"


class Callers:
    """Hands sessions in, at most `open_sessions` at a time, each with `Idempotency-Key`s of its own."""

    def __init__(
        self,
        urls: Callable[[], Sequence[str]],
        recordings: Sequence[NewAnswer],
        open_sessions: int,
        prefix: str,
        poll_s: float = POLL_S,
    ) -> None:
        """`urls` gives the gateways that are ready now; every session hands in the first of the `recordings`.

        Names of candidates begin with `prefix`; each open session is asked about every `poll_s` seconds.
        """
        self._urls, self._recordings, self._prefix, self._poll_s = urls, recordings, prefix, poll_s
        self._turn, self._stopped = itertools.count(), threading.Event()
        self._threads = ThreadPoolExecutor(open_sessions, thread_name_prefix="caller")
        self.outcomes: list[Future[Outcome]] = []

    def start(self, answer_counts: Sequence[int]) -> None:
        """Begin a session for each number of answers."""
        for number, count in enumerate(answer_counts):
            self.outcomes.append(self._threads.submit(self._session, f"{self._prefix} {number + 1:03}", count))

    @property
    def ended(self) -> int:
        """How many sessions have ended, one way or another."""
        return sum(outcome.done() for outcome in self.outcomes)

    def finish(self) -> list[Outcome]:
        """Wait for all of them."""
        try:
            return [outcome.result() for outcome in self.outcomes]
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Begin no further session and follow none any more."""
        self._stopped.set()
        self._threads.shutdown(cancel_futures=True)

    def stored(self) -> Counter[str]:
        """How many sessions the system knows by each candidate's name."""
        found: Counter[str] = Counter()
        token, more = "", True
        while more:
            page, _ = self.patiently(partial(_page, token=token))
            found.update(s.candidate_name for s in page.sessions if s.candidate_name.startswith(self._prefix))
            token = page.next_page_token
            more = bool(token)
        return found

    def _session(self, name: str, count: int) -> Outcome:
        answers, submitted_at = list(itertools.islice(itertools.cycle(self._recordings), count)), time.time()
        try:
            session_id, tries = self.patiently(lambda c: c.submit(name, answers, "en", idempotency_key=name))
            state = self._followed(session_id, count)
        except InterviewError as error:
            return Outcome(name, count, f"error: {error}", submitted_at, time.time())
        return Outcome(name, count, state, submitted_at, time.time(), tries, session_id)

    def _followed(self, session_id: str, count: int) -> str:
        deadline = time.monotonic() + SESSION_TIMEOUT_S
        while time.monotonic() < deadline and not self._stopped.is_set():
            status, _ = self.patiently(lambda client: client.status(session_id))
            if status.ended and not status.translating:
                return f"failed: {status.error}" if status.failed else self._checked(session_id, count)
            self._stopped.wait(self._poll_s)
        return "not ended in time"

    def _checked(self, session_id: str, count: int) -> str:
        result, _ = self.patiently(lambda client: client.results(session_id))
        stages = [s for answer in result["content"] for s in _stages(answer)]
        if len(result["content"]) != count or not stages:
            return "incomplete: answers are missing"
        failed = [s["error_reason"] for s in stages if s["state"] != "completed"]
        return f"incomplete: {', '.join(failed)}" if failed else "completed"

    def patiently(self, call: Callable[[InterviewClient], T]) -> tuple[T, int]:
        """What a call answers, through one gateway or another, and how many tries that took. Raises InterviewError."""
        deadline = time.monotonic() + PATIENCE_S
        for tries in itertools.count(1):
            urls = self._urls()
            try:
                if not urls:
                    raise InterviewError("No gateway is ready.")
                with InterviewClient(urls[next(self._turn) % len(urls)], retry_pauses_s=()) as client:
                    return call(client), tries
            except InterviewError as error:
                if not error.transient or time.monotonic() > deadline or self._stopped.is_set():
                    raise
                self._stopped.wait(RETRY_S)
        raise AssertionError("unreachable")


def steady_rate(ended_at: Sequence[float]) -> float:
    """Sessions a second between the first tenth and the last tenth of the ends: no start, no stragglers."""
    ends = sorted(ended_at)
    edge = len(ends) // 10
    first, last = edge, len(ends) - 1 - edge
    return (last - first) / (ends[last] - ends[first])


def _page(client: InterviewClient, token: str) -> SessionPage:
    return client.sessions(200, token)


def _stages(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(answer["result"]["modalities"].values())
