"""A link may not lead into the internal network, however it is dressed up."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore
import pytest

from orchestrator.download.downloader import Downloader
from orchestrator.settings import WorkerSettings
from servicekit.errors import ServiceError

VIDEO = b"\x00\x00\x00\x18ftypmp42" * 1000
PUBLIC = "93.184.215.14"
NAMES = {
    "public.example": [PUBLIC],
    "inside.example": ["10.0.0.1"],
    "both.example": [PUBLIC, "192.168.1.1"],
    "dead-first.example": ["127.0.0.2", "127.0.0.1"],
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "video/mp4")
        if self.path == "/slow":
            self.trickle()
        self.send_header("Content-Length", str(len(VIDEO)))
        self.end_headers()
        self.wfile.write(VIDEO)

    def trickle(self) -> None:
        """For ever, or until nobody listens any more."""
        self.end_headers()
        while True:
            self.wfile.write(b"x")
            time.sleep(0.05)

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the downloader had enough

    def log_message(self, format: str, *args: Any) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(autouse=True)
def _internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names resolve as in `NAMES`, and the public address is this machine."""
    plain = asyncio.base_events.BaseEventLoop.getaddrinfo
    connect = httpcore.AnyIOBackend.connect_tcp

    async def resolve(self: asyncio.BaseEventLoop, host: str, port: int, **options: Any) -> Any:
        if host not in NAMES:
            return await plain(self, host, port, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in NAMES[host]]

    async def connect_tcp(self: httpcore.AnyIOBackend, host: str, *rest: Any) -> httpcore.AsyncNetworkStream:
        return await connect(self, "127.0.0.1" if host == PUBLIC else host, *rest)

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", resolve)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect_tcp)


async def download(url: str, **settings: Any) -> bytes:
    return b"".join([chunk async for chunk in Downloader(WorkerSettings(**settings)).stream(url)])


async def refused(url: str, **settings: Any) -> str:
    with pytest.raises(ServiceError) as caught:
        await download(url, **settings)
    return caught.value.reason


async def test_a_public_address_is_downloaded_from(port: int) -> None:
    assert await download(f"http://public.example:{port}/video.mp4") == VIDEO


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/video.mp4",
        "http://localhost:{port}/video.mp4",
        "http://169.254.169.254/latest/meta-data",
        "http://inside.example:{port}/video.mp4",
        "http://both.example:{port}/video.mp4",
        "http://[::1]:{port}/video.mp4",
    ],
)
async def test_a_redirect_into_the_internal_network_is_refused(port: int, target: str) -> None:
    url = f"http://public.example:{port}/to/" + target.replace("{port}", str(port))
    assert await refused(url) == "URL_FORBIDDEN"


@pytest.mark.parametrize("host", ["inside.example", "both.example"])
async def test_a_name_with_an_internal_address_is_refused(port: int, host: str) -> None:
    assert await refused(f"http://{host}:{port}/video.mp4") == "URL_FORBIDDEN"


@pytest.mark.parametrize(
    "address",
    [
        "[::ffff:10.0.0.1]",  # IPv4 in IPv6
        "[::10.0.0.1]",
        "[64:ff9b::a00:1]",  # NAT64 of 10.0.0.1
        "[64:ff9b:1::a00:1]",
        "[2002:a00:1::1]",  # 6to4 of 10.0.0.1
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "100.64.0.1",
        "172.16.0.1",
        "224.0.0.1",
        "0x7f000001",
        "2130706433",
        "127.1",
    ],
)
async def test_no_notation_hides_an_internal_address(address: str) -> None:
    assert await refused(f"http://{address}:1/x") == "URL_FORBIDDEN"


async def test_redirects_end(port: int) -> None:
    url = f"http://public.example:{port}"
    assert await refused(f"{url}/to/" * 7 + f"{url}/video.mp4") == "URL_UNREACHABLE"
    assert await refused(f"{url}/to/file:///etc/passwd") == "URL_UNREACHABLE"


async def test_the_next_address_is_tried_when_one_is_dead(port: int) -> None:
    assert await download(f"http://dead-first.example:{port}/video.mp4", allow_private_urls=True) == VIDEO


async def test_a_server_that_trickles_is_given_up(port: int) -> None:
    assert await refused(f"http://public.example:{port}/slow", download_timeout_s=0.3) == "URL_UNREACHABLE"


@pytest.mark.parametrize("url", ["http://", "http://[", "http://a:99999/x", "nonsense", "ftp://public.example/x"])
async def test_what_is_no_address_is_unreachable(url: str) -> None:
    assert await refused(url) == "URL_UNREACHABLE"
