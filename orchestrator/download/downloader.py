"""Downloading a recording from a URL, guarded against internal addresses.

Every connection, redirects included, goes only to addresses that were resolved and checked here, so a host name
that changes its address between check and connection gains nothing.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import grpc
import httpcore
import httpx

from orchestrator.download.addresses import is_public
from orchestrator.settings import WorkerSettings
from servicekit.errors import ServiceError, upstream_down

MAX_REDIRECTS = 5
MAX_ADDRESSES = 4
"""So many addresses of one host are tried in turn."""
_DRIVE_HOSTS = ("drive.google.com", "docs.google.com", "drive.usercontent.google.com")
_DRIVE_PATH_ID = re.compile(r"/(?:file/)?d/([A-Za-z0-9_-]{10,})")
_DRIVE_ID = re.compile(r"[A-Za-z0-9_-]{10,}")
_DRIVE_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
_AS_IT_IS = {"Accept-Encoding": "identity"}
"""Recordings are packed already; unpacking what a stranger has packed again could fill the memory at one read."""
_QUOTA_WORDS = (b"Quota exceeded", b"Too many users have viewed", b"too many users")


class Downloader:
    """Streams recordings from Google Drive links and direct URLs."""

    def __init__(self, settings: WorkerSettings) -> None:
        """Limits come from the settings."""
        self._settings = settings

    async def stream(self, url: str) -> AsyncIterator[bytes]:
        """The file behind `url` in chunks.

        Raises URL_FORBIDDEN for internal addresses, URL_UNREACHABLE, DOWNLOAD_REFUSED for HTTP errors, DRIVE_QUOTA
        and DRIVE_NOT_SHARED for Google Drive's pages instead of a file, NOT_A_FILE for any other web page, and
        DOWNLOAD_TOO_LARGE; UPSTREAM_DOWN (retried) when the server fails.
        """
        file_id = drive_file_id(url)
        target = f"{self._settings.drive_url}?{drive_query(url, file_id)}" if file_id else url
        # A deadline checked at every chunk: asyncio.timeout() cannot span the tasks that may consume this iterator.
        deadline = time.monotonic() + self._settings.download_timeout_s
        answered = False
        try:
            async with self._client() as client, client.stream("GET", target, headers=_AS_IT_IS) as response:
                await _check(response, from_drive=bool(file_id))
                answered = True
                # As they arrive: gathering larger chunks would let a server that trickles hold on for ever.
                async for chunk in _limited(response.aiter_raw(), self._settings.max_download_bytes):
                    if time.monotonic() > deadline:
                        raise _refused("URL_UNREACHABLE", "The download took too long. Upload the file instead.")
                    yield chunk
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if answered:  # it broke off midway: worth another try
                raise upstream_down("The server of the link") from None
            raise _refused(
                "URL_UNREACHABLE", f"The address cannot be reached ({type(error).__name__}). Check the link."
            ) from None

    def _client(self) -> httpx.AsyncClient:
        transport = GuardedTransport(self._settings.allow_private_urls)
        return httpx.AsyncClient(
            transport=transport, follow_redirects=True, max_redirects=MAX_REDIRECTS, timeout=30.0, trust_env=False
        )


def drive_file_id(url: str) -> str | None:
    """The file id in any of Google Drive's link forms; None for other addresses."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all; the download says so
        return None
    if parts.hostname not in _DRIVE_HOSTS:
        return None
    in_path = _DRIVE_PATH_ID.search(parts.path)
    if in_path:
        return in_path.group(1)
    in_query = parse_qs(parts.query).get("id", [""])[0]
    return in_query if _DRIVE_ID.fullmatch(in_query) else None


def drive_query(url: str, file_id: str) -> str:
    """What is asked of Google Drive: the file, past its warning page, with the resource key where the link has one.

    Files that were shared before September 2021 are given out with it only:
    https://developers.google.com/workspace/drive/api/guides/resource-keys.
    """
    asked = {"id": file_id, "export": "download", "confirm": "t"}
    parts = urlsplit(url)
    # Drive's own buttons put it behind the `#` at times.
    key = next((found[0] for text in (parts.query, parts.fragment) if (found := parse_qs(text).get("resourcekey"))), "")
    return urlencode(asked | ({"resourcekey": key} if _DRIVE_KEY.fullmatch(key) else {}))


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to public addresses."""

    def __init__(self, allow_private: bool) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._allow_private = allow_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check every address, connect to the first that answers."""
        addresses = await _resolve(host, port)
        if not self._allow_private and not all(map(is_public, addresses)):
            raise _refused(
                "URL_FORBIDDEN", "The address leads into an internal network. Use a public link or upload the file."
            )
        failure: Exception = httpcore.ConnectError("The name has no address.")
        for address in addresses[:MAX_ADDRESSES]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """As the plain backend."""
        await self._inner.sleep(seconds)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport on the guarded backend; httpx has no public way to pass one."""

    def __init__(self, allow_private: bool) -> None:
        """`allow_private`: internal addresses too."""
        super().__init__(trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(), network_backend=_GuardedBackend(allow_private)
        )


async def _resolve(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return [str(item[4][0]).split("%")[0] for item in found]


async def _check(response: httpx.Response, from_drive: bool) -> None:
    if response.status_code >= 500:
        raise upstream_down("The server of the link")
    is_page = "text/html" in response.headers.get("content-type", "")
    if response.status_code == 200 and not is_page:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise _refused(
                "DOWNLOAD_REFUSED",
                "The server of the link packs the file though asked not to. Upload the file instead.",
            )
        return
    page = await _beginning(response) if is_page else b""
    if from_drive and any(words in page for words in _QUOTA_WORDS):
        raise _refused(
            "DRIVE_QUOTA", "Google Drive's download quota for this file is used up. Try tomorrow or upload the file."
        )
    if from_drive:
        raise _refused(
            "DRIVE_NOT_SHARED", "Google Drive does not give out the file. Share it with everyone who has the link."
        )
    if is_page and response.status_code == 200:
        raise _refused("NOT_A_FILE", "The link leads to a web page, not to a video file. Use a direct link.")
    raise _refused("DOWNLOAD_REFUSED", f"The server of the link answered {response.status_code}. Check the link.")


async def _beginning(response: httpx.Response) -> bytes:
    page = b""
    async for chunk in response.aiter_raw():
        page += chunk
        if len(page) > 1 << 17:
            break
    return page


async def _limited(chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise _refused("DOWNLOAD_TOO_LARGE", f"The file is larger than {limit >> 20} MiB. Make it smaller.")
        yield chunk


def _refused(reason: str, message: str) -> ServiceError:
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, reason, message)
