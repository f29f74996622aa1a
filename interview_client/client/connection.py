"""What both clients connect with, and when they try again."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, TypedDict

import anyio.to_thread
import httpx

from interview_client.errors import InterviewError, reported_errors
from interview_client.models import SubmitOptions

DEFAULT_URL = "http://127.0.0.1:8000"
RETRY_PAUSES_S = (1.0, 5.0, 20.0)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class HttpOptions(TypedDict):
    """Arguments of httpx's clients."""

    base_url: str
    headers: dict[str, str]
    timeout: httpx.Timeout
    trust_env: bool
    verify: ssl.SSLContext


def http_options(base_url: str, api_key: str | None, timeout_s: float, organisation: str = "") -> HttpOptions:
    """How to connect, and for which organisation to act (empty: the usual one). Raises InterviewError where `base_url`
    is no address.
    """
    with reported_errors(base_url):
        host = httpx.URL(base_url).host
    return {
        "base_url": base_url,
        "headers": ({"Authorization": f"Bearer {api_key}"} if api_key else {})
        | ({"Interview-Organisation": organisation} if organisation else {}),
        "timeout": httpx.Timeout(timeout_s, connect=min(timeout_s, 10.0)),
        # A company's proxy cannot reach this machine's own loopback, but is often set without an exception for it.
        "trust_env": host not in _LOOPBACK,
        "verify": _certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
    }


@lru_cache
def _certificates(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Authorities that are trusted. Reading them takes 15 ms, more than most calls, so it is done once."""
    return httpx.create_ssl_context()


class Tries:
    """How long to wait before a submission is sent again; never without an idempotency key."""

    def __init__(self, pauses_s: Sequence[float], options: SubmitOptions) -> None:
        self._pauses_s = list(pauses_s) if options.get("idempotency_key") else []

    def pause_s(self, error: InterviewError) -> float:
        """Seconds until the next try; raises `error` where another would not help or there is none left."""
        if not (error.connection_lost and self._pauses_s):
            raise error
        return self._pauses_s.pop(0)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is at `path` once it is complete, and never in part. Raises InterviewError."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise InterviewError(f"Cannot write {path}: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def write(file: BinaryIO, chunk: bytes) -> None:
    """Write a chunk."""
    file.write(chunk)


async def awrite(file: BinaryIO, chunk: bytes) -> None:
    """Write a chunk, not on the event loop."""
    await anyio.to_thread.run_sync(file.write, chunk)
