"""From HTTP answers and broken connections to one error that people can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

_TRANSIENT = (502, 503, 504)


class InterviewError(Exception):
    """What went wrong, in the server's own words where it said something.

    `status` is the HTTP code; None when there was no answer at all. `reason` is for programs and of `/v1` only; see
    docs/errors.md. `connection_lost`: it may or may not have arrived.
    """

    def __init__(
        self, message: str, status: int | None = None, reason: str = "", *, connection_lost: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = reason
        self.connection_lost = connection_lost

    @property
    def transient(self) -> bool:
        """Whether the same request may succeed a little later: no answer, or 502, 503, 504."""
        return self.status is None or self.status in _TRANSIENT


def checked(response: httpx.Response) -> httpx.Response:
    """The answer, if it is a success. Raises InterviewError."""
    if response.is_success:
        return response
    message = _server_text(response) or _plain_text(response)
    raise InterviewError(message, response.status_code, _reason(response))


def not_understood(what: str) -> InterviewError:
    """The server answered something else than this client knows."""
    return InterviewError(f"The server's {what} could not be read. Does the address lead to the gateway?")


@contextmanager
def reported_errors(base_url: str) -> Iterator[None]:
    """Turn httpx's transport errors into InterviewError."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout):
        message = f"Cannot reach {base_url}: is the system running? Start it with `make run`."
        raise InterviewError(message, connection_lost=True) from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise InterviewError(f"{base_url} is not an address like http://127.0.0.1:8000.") from None
    except httpx.TimeoutException:
        message = f"{base_url} did not answer in time. Try again, or allow a longer time."
        raise InterviewError(message, connection_lost=True) from None
    except httpx.TransportError as error:
        message = f"The connection to {base_url} broke off ({type(error).__name__}). Try again."
        raise InterviewError(message, connection_lost=True) from None


def _server_text(response: httpx.Response) -> str:
    try:
        body: Any = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return ""
    if not isinstance(body, dict):
        return ""
    error = body.get("error") or body.get("message")
    text = error.get("message") if isinstance(error, dict) else error
    return text if isinstance(text, str) else ""


def _reason(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"]["details"][0]["reason"])
    except (ValueError, LookupError, TypeError):
        return ""


def _plain_text(response: httpx.Response) -> str:
    return f"{response.url.copy_with(query=None)} answered {response.status_code} {response.reason_phrase}."
