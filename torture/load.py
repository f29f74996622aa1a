"""Many who hand in at once, and somebody who keeps asking how it goes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import numpy as np

from interview_client import InterviewClient, NewAnswer
from interview_client.errors import InterviewError
from rehearsal.servers.cluster import Cluster
from torture.counts import Count, must_be_none
from torture.personal import NAME
from torture.records import until

PART = "load"
ASKING_S = 0.02
ACKNOWLEDGED_S, STATUS_S = 10.0, 0.1
END_S, END_EACH_S = 600.0, 3.0
"""Until all have ended, and so much more for each."""


def torture_load(
    system: Cluster, recordings: Sequence[NewAnswer], count: int, say: Callable[[str], None]
) -> list[Count]:
    """Hand in `count` sessions at once; ask for status all the time until all have ended."""
    if not count:
        return []
    say(f"{count} sessions at once ...")
    with ThreadPoolExecutor(count) as threads, InterviewClient(system.urls()[0]) as asking:
        urls = itertools.cycle(system.urls())
        names = [f"{NAME} Load {number:03}" for number in range(count)]
        handed = [threads.submit(_handed_in, next(urls), recordings, name) for name in names]
        status_s: list[float] = []
        while not all(each.done() for each in handed):
            _ask(asking, handed, status_s)
        acknowledged = [each.result() for each in handed]
        waited_s = [seconds for seconds, _, _ in acknowledged]
        errors = [error for _, _, error in acknowledged if error]
        ids = [session_id for _, session_id, _ in acknowledged if session_id]
        say(f"  acknowledged: 99 of 100 within {_p99(waited_s):.1f} s; status meanwhile: {_p99(status_s):.2f} s")
        ended = until(lambda: all(asking.status(each).ended for each in ids), END_S + END_EACH_S * count)
        failed = [each for each in ids if asking.status(each).failed]
    return [
        Count(PART, "sessions at once", count),
        Count(PART, "seconds to acknowledge, 99th of 100", _p99(waited_s)),
        Count(PART, f"acknowledged after {ACKNOWLEDGED_S:.0f} s", sum(s > ACKNOWLEDGED_S for s in waited_s)),
        Count(PART, "status calls meanwhile", len(status_s)),
        Count(PART, "milliseconds of a status call, 99th of 100", 1000 * _p99(status_s)),
        must_be_none(PART, "not acknowledged", errors),
        must_be_none(PART, "ended without a result", failed if ended else [*failed, "some have not ended"]),
    ]


def refused_politely(system: Cluster, most: int) -> list[Count]:
    """Send more hand-ins than an hour allows: they are refused, and told when to come again."""
    found: list[httpx.Response] = []
    with httpx.Client(base_url=system.urls()[0], trust_env=False, timeout=30) as http:
        for _ in range(most + 1):
            found.append(http.post("/upload", data={"candidate_name": ""}))
            if found[-1].status_code == 429:
                break
    refused = [response for response in found if response.status_code == 429]
    bare = [str(r.status_code) for r in refused if not r.headers.get("Retry-After", "").isdigit()]
    return [
        must_be_none(PART, "limits that were never reached", [] if refused else ["no 429"]),
        must_be_none(PART, "429 without Retry-After", bare),
        must_be_none(PART, "5xx on bad requests", [str(r.status_code) for r in found if r.status_code >= 500]),
    ]


def _handed_in(url: str, recordings: Sequence[NewAnswer], name: str) -> tuple[float, str, str]:
    started = time.monotonic()
    try:
        with InterviewClient(url, timeout_s=120) as client:
            session_id = client.submit(name, recordings, "en", idempotency_key=name)
    except InterviewError as error:
        return time.monotonic() - started, "", str(error)
    return time.monotonic() - started, session_id, ""


def _ask(client: InterviewClient, handed: Sequence[Future[tuple[float, str, str]]], status_s: list[float]) -> None:
    known = [found[1] for each in handed if each.done() and (found := each.result())[1]]
    if known:
        started = time.monotonic()
        client.status(known[len(status_s) % len(known)])
        status_s.append(time.monotonic() - started)
    time.sleep(ASKING_S)


def _p99(values: Sequence[float]) -> float:
    return float(np.percentile(values, 99)) if values else 0.0
