# Generated from ../asynchronous/ by `make generate`. Never edited.
"""The client."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self, TypeVar, Unpack

import httpx

from interview_client import calls
from interview_client.calls import Call
from interview_client.client.blocking.resources import Resources
from interview_client.client.connection import DEFAULT_URL, RETRY_PAUSES_S, Tries, http_options, new_file, write
from interview_client.errors import InterviewError, checked, reported_errors
from interview_client.events import SILENCE_TIMEOUT_S, StatusEvents, Watch, is_event_stream
from interview_client.models import NewAnswer, Status, SubmitOptions, UrlAnswer
from interview_client.upload import OnUploadProgress, upload_request

T = TypeVar("T")


class InterviewClient(Resources):
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
        self._http = httpx.Client(**http_options(base_url, api_key, timeout_s, organisation))
        self._poll_interval_s = poll_interval_s
        self._patience_s = patience_s
        self._retry_pauses_s = retry_pauses_s

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
                    return calls.parse_session_id(self._answer(request))
            except InterviewError as error:
                time.sleep(tries.pause_s(error))

    def submit_urls(
        self, candidate_name: str, answers: Sequence[UrlAnswer], language: str, **options: Unpack[SubmitOptions]
    ) -> str:
        """Start a session over recordings that the system downloads; returns its id. Sent again as in `submit`."""
        call, tries = calls.submit_urls_call(candidate_name, answers, language, options), self._tries(options)
        while True:
            try:
                return self._send(call)
            except InterviewError as error:
                time.sleep(tries.pause_s(error))

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
            return checked(self._sent(request)).content

    def _save(self, call: Call[bytes], path: Path) -> None:
        with reported_errors(self._base_url):
            response = self._sent(call.request(self._http), stream=True)
            with closing(response):
                if not response.is_success:
                    response.read()  # its words
                checked(response)
                with new_file(path) as file:
                    for chunk in response.iter_bytes():
                        write(file, chunk)

    def _sent(self, request: httpx.Request, stream: bool = False) -> httpx.Response:
        # An object store may give out files by itself: the gateway then answers with where.
        return self._http.send(request, stream=stream, follow_redirects=request.method == "GET")

    def _tries(self, options: SubmitOptions) -> Tries:
        return Tries(self._retry_pauses_s, options)
