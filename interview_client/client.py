"""The clients. Both build the same requests and read the same answers; they differ only in how they wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Self, TypedDict, TypeVar

import httpx

from interview_client import calls
from interview_client.calls import Call
from interview_client.errors import InterviewError, checked, reported_errors
from interview_client.events import SILENCE_TIMEOUT_S, StatusEvents, Watch, is_event_stream
from interview_client.models import NewAnswer, Session, SessionPage, Status, UrlAnswer
from interview_client.upload import OnUploadProgress, upload_request

T = TypeVar("T")

DEFAULT_URL = "http://127.0.0.1:8000"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _HttpOptions(TypedDict):
    base_url: str
    headers: dict[str, str]
    timeout: httpx.Timeout
    trust_env: bool


def _http_options(base_url: str, api_key: str | None, timeout_s: float) -> _HttpOptions:
    with reported_errors(base_url):
        host = httpx.URL(base_url).host
    return {
        "base_url": base_url,
        "headers": {"Authorization": f"Bearer {api_key}"} if api_key else {},
        "timeout": httpx.Timeout(timeout_s, connect=min(timeout_s, 10.0)),
        # A company's proxy cannot reach this machine's own loopback, but is often set without an exception for it.
        "trust_env": host not in _LOOPBACK,
    }


class InterviewClient:
    """A client that blocks. Every method raises InterviewError with the server's own words.

    `timeout_s` is the longest wait for one read or write, seconds. `poll_interval_s` and `patience_s` are for `watch`
    without events: how often to ask, and how long the gateway may be away once it has answered. Use it with `with`.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        api_key: str | None = None,
        timeout_s: float = 60.0,
        *,
        poll_interval_s: float = 5.0,
        patience_s: float = 60.0,
    ) -> None:
        self._base_url = base_url
        self._http = httpx.Client(**_http_options(base_url, api_key, timeout_s))
        self._poll_interval_s = poll_interval_s
        self._patience_s = patience_s

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def submit(
        self,
        candidate_name: str,
        answers: Sequence[NewAnswer],
        language: str,
        on_upload_progress: OnUploadProgress | None = None,
        *,
        consent_reference: str = "",
        project_score: float | None = None,
        policy: str = "",
        rubric: str = "",
        idempotency_key: str = "",
    ) -> str:
        """Upload the answers and start a session; returns its id. `language` is `en` or `id`.

        Sent again with the same `idempotency_key` and the same content, it starts nothing and returns the same id.
        """
        fields = calls.upload_fields(
            candidate_name, answers, language, consent_reference, project_score, policy, rubric
        )
        with ExitStack() as files:
            request = upload_request(self._http, files, fields, answers, on_upload_progress, idempotency_key)
            return calls.parse_session_id(self._answer(request))

    def submit_urls(self, candidate_name: str, answers: Sequence[UrlAnswer], language: str) -> str:
        """Start a session over recordings that the system downloads; returns its id."""
        return self._send(calls.submit_urls_call(candidate_name, answers, language))

    def status(self, session_id: str) -> Status:
        """Where a session stands."""
        return self._send(calls.status_call(session_id))

    def results(self, session_id: str) -> dict[str, Any]:
        """The result of a session, as JSON. InterviewError 404 until there is one."""
        return self._send(calls.results_call(session_id))

    def session(self, session_id: str) -> Session:
        """A session as recorded."""
        return self._send(calls.session_call(session_id))

    def sessions(self, page_size: int = 50, page_token: str = "") -> SessionPage:
        """A page of sessions, newest first; `page_size` 1 to 200."""
        return self._send(calls.sessions_call(page_size, page_token))

    def cancel(self, session_id: str) -> Session:
        """Stop a session that has not ended."""
        return self._send(calls.cancel_call(session_id))

    def delete(self, session_id: str) -> int:
        """Delete everything that is stored of a session; returns how many objects that were."""
        return self._send(calls.delete_call(session_id))

    def watch(self, session_id: str) -> Iterator[Status]:
        """The status now and on every change until the session has ended; asks again and again without events."""
        watch = Watch(self._patience_s)
        for status in self._events(session_id):
            if watch.is_news(status):
                yield status
        while not watch.ended:
            try:
                status = self.status(session_id)
            except InterviewError as error:
                watch.bear(error)
            else:
                if watch.is_news(status):
                    yield status
            if not watch.ended:
                time.sleep(self._poll_interval_s)

    def _events(self, session_id: str) -> Iterator[Status]:
        events = StatusEvents()
        try:
            with self._http.stream("GET", calls.events_path(session_id), timeout=SILENCE_TIMEOUT_S) as response:
                if is_event_stream(response):
                    for chunk in response.iter_bytes():
                        yield from events.feed(chunk)
                        if events.ended:
                            return
        except httpx.TransportError:
            return  # asking takes over, and reports what is wrong if it is still wrong

    def _send(self, call: Call[T]) -> T:
        return call.parse(self._answer(call.request(self._http)))

    def _answer(self, request: httpx.Request) -> bytes:
        with reported_errors(self._base_url):
            return checked(self._http.send(request)).content


class AsyncInterviewClient:
    """`InterviewClient` for asyncio: the same methods, to be awaited."""

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        api_key: str | None = None,
        timeout_s: float = 60.0,
        *,
        poll_interval_s: float = 5.0,
        patience_s: float = 60.0,
    ) -> None:
        self._base_url = base_url
        self._http = httpx.AsyncClient(**_http_options(base_url, api_key, timeout_s))
        self._poll_interval_s = poll_interval_s
        self._patience_s = patience_s

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def submit(
        self,
        candidate_name: str,
        answers: Sequence[NewAnswer],
        language: str,
        on_upload_progress: OnUploadProgress | None = None,
        *,
        consent_reference: str = "",
        project_score: float | None = None,
        policy: str = "",
        rubric: str = "",
        idempotency_key: str = "",
    ) -> str:
        """Upload the answers and start a session; returns its id. The callback runs in a worker thread."""
        fields = calls.upload_fields(
            candidate_name, answers, language, consent_reference, project_score, policy, rubric
        )
        with ExitStack() as files:
            request = upload_request(self._http, files, fields, answers, on_upload_progress, idempotency_key)
            return calls.parse_session_id(await self._answer(request))

    async def submit_urls(self, candidate_name: str, answers: Sequence[UrlAnswer], language: str) -> str:
        """Start a session over recordings that the system downloads; returns its id."""
        return await self._send(calls.submit_urls_call(candidate_name, answers, language))

    async def status(self, session_id: str) -> Status:
        """Where a session stands."""
        return await self._send(calls.status_call(session_id))

    async def results(self, session_id: str) -> dict[str, Any]:
        """The result of a session, as JSON. InterviewError 404 until there is one."""
        return await self._send(calls.results_call(session_id))

    async def session(self, session_id: str) -> Session:
        """A session as recorded."""
        return await self._send(calls.session_call(session_id))

    async def sessions(self, page_size: int = 50, page_token: str = "") -> SessionPage:
        """A page of sessions, newest first; `page_size` 1 to 200."""
        return await self._send(calls.sessions_call(page_size, page_token))

    async def cancel(self, session_id: str) -> Session:
        """Stop a session that has not ended."""
        return await self._send(calls.cancel_call(session_id))

    async def delete(self, session_id: str) -> int:
        """Delete everything that is stored of a session; returns how many objects that were."""
        return await self._send(calls.delete_call(session_id))

    async def watch(self, session_id: str) -> AsyncIterator[Status]:
        """The status now and on every change until the session has ended; asks again and again without events."""
        watch = Watch(self._patience_s)
        async for status in self._events(session_id):
            if watch.is_news(status):
                yield status
        while not watch.ended:
            try:
                status = await self.status(session_id)
            except InterviewError as error:
                watch.bear(error)
            else:
                if watch.is_news(status):
                    yield status
            if not watch.ended:
                await asyncio.sleep(self._poll_interval_s)

    async def _events(self, session_id: str) -> AsyncIterator[Status]:
        events = StatusEvents()
        try:
            async with self._http.stream("GET", calls.events_path(session_id), timeout=SILENCE_TIMEOUT_S) as response:
                if is_event_stream(response):
                    async for chunk in response.aiter_bytes():
                        for status in events.feed(chunk):
                            yield status
                        if events.ended:
                            return
        except httpx.TransportError:
            return  # asking takes over, and reports what is wrong if it is still wrong

    async def _send(self, call: Call[T]) -> T:
        return call.parse(await self._answer(call.request(self._http)))

    async def _answer(self, request: httpx.Request) -> bytes:
        with reported_errors(self._base_url):
            return checked(await self._http.send(request)).content
