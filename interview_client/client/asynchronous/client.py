"""The client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, aclosing
from pathlib import Path
from typing import Self, TypeVar, Unpack

import httpx

from interview_client import calls
from interview_client.calls import Call
from interview_client.client.asynchronous.resources import AsyncResources
from interview_client.client.connection import DEFAULT_URL, RETRY_PAUSES_S, Tries, awrite, http_options, new_file
from interview_client.errors import InterviewError, checked, reported_errors
from interview_client.events import SILENCE_TIMEOUT_S, StatusEvents, Watch, is_event_stream
from interview_client.models import NewAnswer, Status, SubmitOptions, UrlAnswer
from interview_client.upload import OnUploadProgress, upload_request

T = TypeVar("T")


class AsyncInterviewClient(AsyncResources):
    """Every method raises InterviewError with the server's own words.

    `timeout_s` is the longest wait for one read or write, seconds. `poll_interval_s` and `patience_s` are for `watch`
    without events: how often to ask, and how long the gateway may be away once it has answered. `retry_pauses_s` are
    the waits before a submission with an idempotency key is sent again. `organisation`: id of the one to act for, where
    the token's bearer is a member of several. Use it with `with`, for asyncio `async with`.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        api_key: str | None = None,
        timeout_s: float = 60.0,
        *,
        poll_interval_s: float = 5.0,
        patience_s: float = 60.0,
        retry_pauses_s: Sequence[float] = RETRY_PAUSES_S,
        organisation: str = "",
    ) -> None:
        self._base_url = base_url
        self._http = httpx.AsyncClient(**http_options(base_url, api_key, timeout_s, organisation))
        self._poll_interval_s = poll_interval_s
        self._patience_s = patience_s
        self._retry_pauses_s = retry_pauses_s

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
        **options: Unpack[SubmitOptions],
    ) -> str:
        """Upload the answers and start a session; returns its id. `language` is `en` or `id`.

        With an `idempotency_key` it is sent again when the connection breaks off; the progress then starts anew.
        `on_upload_progress` may be called in another thread.
        """
        fields, tries = calls.upload_fields(candidate_name, answers, language, options), self._tries(options)
        key = options.get("idempotency_key", "")
        while True:
            try:
                with ExitStack() as files:
                    request = upload_request(self._http, files, fields, answers, on_upload_progress, key)
                    return calls.parse_session_id(await self._answer(request))
            except InterviewError as error:
                await asyncio.sleep(tries.pause_s(error))

    async def submit_urls(
        self, candidate_name: str, answers: Sequence[UrlAnswer], language: str, **options: Unpack[SubmitOptions]
    ) -> str:
        """Start a session over recordings that the system downloads; returns its id. Sent again as in `submit`."""
        call, tries = calls.submit_urls_call(candidate_name, answers, language, options), self._tries(options)
        while True:
            try:
                return await self._send(call)
            except InterviewError as error:
                await asyncio.sleep(tries.pause_s(error))

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
            return checked(await self._sent(request)).content

    async def _save(self, call: Call[bytes], path: Path) -> None:
        with reported_errors(self._base_url):
            response = await self._sent(call.request(self._http), stream=True)
            async with aclosing(response):
                if not response.is_success:
                    await response.aread()  # its words
                checked(response)
                with new_file(path) as file:
                    async for chunk in response.aiter_bytes():
                        await awrite(file, chunk)

    async def _sent(self, request: httpx.Request, stream: bool = False) -> httpx.Response:
        # An object store may give out files by itself: the gateway then answers with where.
        return await self._http.send(request, stream=stream, follow_redirects=request.method == "GET")

    def _tries(self, options: SubmitOptions) -> Tries:
        return Tries(self._retry_pauses_s, options)
