from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from orchestrator.download.downloader import Downloader, drive_file_id, drive_query
from orchestrator.settings import WorkerSettings
from servicekit.errors import ServiceError

VIDEO = b"\x00\x00\x00\x18ftypmp42" * 1000
QUOTA = b"<html><title>Google Drive - Quota exceeded</title>Too many users have viewed or downloaded this file</html>"
PAGES: dict[str, tuple[int, str, bytes]] = {
    "/video.mp4": (200, "video/mp4", VIDEO),
    "/page": (200, "text/html; charset=utf-8", b"<html>hello</html>"),
    "/breaks": (200, "video/mp4", VIDEO),
    "/gone": (404, "text/plain", b"no"),
    "/broken": (503, "text/plain", b"no"),
    "/quota": (200, "text/html", QUOTA),
    "/packed": (200, "video/mp4", b"\x1f\x8b rubbish that would be unpacked"),
    "/sign-in": (200, "text/html", b"<html>Sign in to continue to Google Drive</html>"),
}


asked: list[str] = []


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked.append(self.path)
        path = self.path.split("?")[0]
        if path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/video.mp4")
            self.end_headers()
            return
        status, kind, body = PAGES[path]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if path == "/packed":
            self.send_header("Content-Encoding", "gzip")
        promised = 2 * len(body) if path == "/breaks" else len(body)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


async def download(url: str, **settings: Any) -> bytes:
    downloader = Downloader(WorkerSettings(allow_private_urls=True, **settings))
    return b"".join([chunk async for chunk in downloader.stream(url)])


async def refused(url: str, **settings: Any) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await download(url, **settings)
    return caught.value


@pytest.mark.parametrize("path", ["/video.mp4", "/moved"])
async def test_a_file_arrives_whole(site: str, path: str) -> None:
    assert await download(site + path) == VIDEO


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/page", "NOT_A_FILE"),
        ("/gone", "DOWNLOAD_REFUSED"),
        ("/broken", "UPSTREAM_DOWN"),
        ("/breaks", "UPSTREAM_DOWN"),
        ("/packed", "DOWNLOAD_REFUSED"),
    ],
)
async def test_what_is_no_file_is_named(site: str, path: str, reason: str) -> None:
    error = await refused(site + path)
    assert error.reason == reason
    assert error.retryable == (reason == "UPSTREAM_DOWN")


async def test_too_large_and_too_slow(site: str) -> None:
    assert (await refused(site + "/video.mp4", max_download_bytes=100)).reason == "DOWNLOAD_TOO_LARGE"
    assert (await refused(site + "/video.mp4", download_timeout_s=1e-9)).reason == "URL_UNREACHABLE"


@pytest.mark.parametrize(("page", "reason"), [("/quota", "DRIVE_QUOTA"), ("/sign-in", "DRIVE_NOT_SHARED")])
async def test_drive_pages_are_understood(site: str, page: str, reason: str) -> None:
    link = "https://drive.google.com/file/d/1AbcDEFghiJKLmnop/view"
    error = await refused(link, drive_url=site + page)
    assert error.reason == reason
    assert not error.retryable


async def test_drive_files_arrive(site: str) -> None:
    assert await download("https://drive.google.com/open?id=1AbcDEFghiJKLmnop", drive_url=site + "/video.mp4") == VIDEO


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://drive.google.com/file/d/1AbcDEFghiJKLmnop/view?usp=sharing", "1AbcDEFghiJKLmnop"),
        ("https://drive.google.com/open?id=1AbcDEFghiJKLmnop", "1AbcDEFghiJKLmnop"),
        ("https://drive.google.com/uc?export=download&id=1AbcDEFghiJKLmnop", "1AbcDEFghiJKLmnop"),
        ("https://docs.google.com/file/d/1AbcDEFghiJKLmnop/edit", "1AbcDEFghiJKLmnop"),
        ("https://example.com/file/d/1AbcDEFghiJKLmnop/view", None),
        ("https://drive.google.com/drive/my-drive", None),
    ],
)
def test_drive_links(url: str, expected: str | None) -> None:
    assert drive_file_id(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://localhost:1/x",
        "http://10.0.0.1/x",
        "http://192.168.1.1/x",
        "http://169.254.169.254/latest",
        "http://[::1]:1/x",
        "http://0.0.0.0/x",
        "http://[::ffff:127.0.0.1]/x",
    ],
)
async def test_internal_addresses_are_refused(url: str) -> None:
    with pytest.raises(ServiceError) as caught:
        async for _ in Downloader(WorkerSettings()).stream(url):
            pass
    assert caught.value.reason == "URL_FORBIDDEN"


async def test_a_name_that_cannot_be_found() -> None:
    assert (await refused("http://no-such-host.invalid/x")).reason == "URL_UNREACHABLE"


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://drive.google.com/file/d/1AbCdEfGhIjKl/view?resourcekey=0-aB_c-9", "0-aB_c-9"),
        ("https://drive.google.com/file/d/1AbCdEfGhIjKl/view?usp=sharing&resourcekey=0-aB_c-9#x", "0-aB_c-9"),
        ("https://drive.google.com/open?id=1AbCdEfGhIjKl&resourcekey=0-aB_c-9", "0-aB_c-9"),
        ("https://drive.google.com/file/d/1AbCdEfGhIjKl/view#resourcekey=0-aB_c-9", "0-aB_c-9"),
        ("https://drive.google.com/file/d/1AbCdEfGhIjKl/view?resourcekey=0%26id%3Devil", ""),
        ("https://drive.google.com/file/d/1AbCdEfGhIjKl/view", ""),
    ],
)
async def test_files_shared_long_ago_are_asked_for_with_their_resource_key(site: str, link: str, key: str) -> None:
    asked.clear()
    assert await download(link, drive_url=f"{site}/video.mp4") == VIDEO
    more = f"&resourcekey={key}" if key else ""
    assert asked == [f"/video.mp4?id=1AbCdEfGhIjKl&export=download&confirm=t{more}"]
    assert drive_query(link, "1AbCdEfGhIjKl") == asked[0].partition("?")[2]
