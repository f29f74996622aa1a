"""Uploading files from disk with flat memory, whatever their size."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO, cast

import anyio.to_thread
import httpx

from interview_client.errors import InterviewError
from interview_client.models import NewAnswer

OnUploadProgress = Callable[[int, int], None]
"""Called with the bytes sent so far and the bytes of the whole request."""


def upload_request(
    http: httpx.Client | httpx.AsyncClient,
    files: ExitStack,
    fields: dict[str, str | list[str]],
    answers: Sequence[NewAnswer],
    on_progress: OnUploadProgress | None,
    idempotency_key: str = "",
) -> httpx.Request:
    """`POST /upload`; the files are opened on `files` and read while they are sent.

    Raises InterviewError when a file cannot be opened.
    """
    videos = [("videos", (answer.path.name, _opened(answer, files))) for answer in answers]
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    request = http.build_request("POST", "/upload", data=fields, files=videos, headers=headers)
    total_bytes = int(request.headers["Content-Length"])
    content = cast(httpx.SyncByteStream, request.stream)
    request.stream = _Counted(content, total_bytes, on_progress or (lambda _sent, _total: None))
    return request


def _opened(answer: NewAnswer, files: ExitStack) -> BinaryIO:
    try:
        return files.enter_context(answer.path.open("rb"))
    except OSError as error:
        raise InterviewError(f"Cannot read {answer.path}: {error.strerror}.") from None


class _Counted(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, content: httpx.SyncByteStream, total_bytes: int, on_progress: OnUploadProgress) -> None:
        self._content = content
        self._total_bytes = total_bytes
        self._on_progress = on_progress

    def __iter__(self) -> Iterator[bytes]:
        sent_bytes = 0
        for chunk in self._content:
            yield chunk
            sent_bytes += len(chunk)
            self._on_progress(sent_bytes, self._total_bytes)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        # httpx itself would read the disk on the event loop.
        chunks = iter(self)
        while (chunk := await anyio.to_thread.run_sync(next, chunks, None)) is not None:
            yield chunk
