"""Following a session: reading server-sent events, and what to do when they are not to be had."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx

from interview_client.calls import parse_status
from interview_client.errors import InterviewError
from interview_client.models import Status

SILENCE_TIMEOUT_S = 60.0
"""Longest silence of an event stream, seconds; the gateway sends a heartbeat much more often."""


def is_event_stream(response: httpx.Response) -> bool:
    """Whether the answer carries events, and not an error or a page of something in between."""
    return response.is_success and response.headers.get("content-type", "").startswith("text/event-stream")


class StatusEvents:
    """Reads statuses from the bytes of an event stream.

    Lines end at LF or CRLF only. (httpx's `iter_lines` also splits at U+2028 and others, which JSON may hold.)
    """

    def __init__(self) -> None:
        self._rest = b""
        self._event, self._data = b"", list[bytes]()
        self.ended = False
        """Whether the last status was the final one; nothing worth waiting for follows."""

    def feed(self, chunk: bytes) -> Iterator[Status]:
        """The statuses that this chunk completes. Raises InterviewError when one cannot be read."""
        *lines, self._rest = (self._rest + chunk).replace(b"\r\n", b"\n").split(b"\n")
        for line in lines:
            name, _, value = line.partition(b":")
            if name == b"event":
                self._event = value.strip()
            elif name == b"data":
                self._data.append(value.removeprefix(b" "))
            elif not line:
                yield from self._dispatched()

    def _dispatched(self) -> Iterator[Status]:
        event, data = self._event, self._data
        self._event, self._data = b"", []
        if data and event in (b"", b"message", b"session"):
            status = parse_status(b"\n".join(data))
            self.ended = status.ended
            yield status


class Watch:
    """What is known of a session that is being followed.

    Once it has answered, the gateway may be away for `patience_s` seconds (a restart) before following is given up.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._last: Status | None = None
        self._answered_at_s = 0.0

    @property
    def ended(self) -> bool:
        """Whether the session has ended."""
        return self._last is not None and self._last.ended

    def is_news(self, status: Status) -> bool:
        """Take note of a status; whether it differs from the one before."""
        changed = status != self._last
        self._last = status
        self._answered_at_s = time.monotonic()
        return changed

    def bear(self, error: InterviewError) -> None:
        """Raise `error` unless it may pass by itself and there is patience left."""
        patient = self._last is not None and time.monotonic() - self._answered_at_s < self._patience_s
        if not (error.transient and patient):
            raise error
