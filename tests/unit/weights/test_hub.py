"""Named models come from a hub at a pinned revision; here the hub is a local server that speaks its protocol."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from servicekit.weights import resolver
from servicekit.weights.catalogue import HUB, Hub
from servicekit.weights.errors import WeightsError
from servicekit.weights.hub import download

REVISION = "a" * 40
FILES = {"config.json": b"{}", "model.bin": b"weights" * 500, "README.md": b"not wanted"}
MODEL = Hub("tiny", "somebody/tiny", REVISION, sha256=hashlib.sha256(FILES["model.bin"]).hexdigest())


class HubHandler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, body: bool) -> None:
        if "secret" in self.path and self.headers.get("Authorization") != "Bearer good":
            return self.reply(401, b"{}", "application/json", body)
        if "somebody/tiny" not in self.path and "somebody/secret" not in self.path:
            return self.reply(404, b"{}", "application/json", body)
        name = self.path.split("?")[0].rsplit("/", 1)[-1]
        if "/api/models/" in self.path and "/tree/" in self.path:
            listed = [{"type": "file", "path": n, "size": len(c), "oid": digest(c)} for n, c in FILES.items()]
            return self.reply(200, json.dumps(listed).encode(), "application/json", body)
        if "/api/models/" in self.path:
            listed = [{"rfilename": n} for n in FILES]
            info = {"id": "somebody/tiny", "sha": REVISION, "siblings": listed, "private": False}
            return self.reply(200, json.dumps(info).encode(), "application/json", body)
        return self.reply(200, FILES[name], "application/octet-stream", body)

    def reply(self, status: int, content: bytes, kind: str, body: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{digest(content)}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Be quiet."""


def digest(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), HubHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_revision_is_downloaded_and_verified(endpoint: str, tmp_path: Path) -> None:
    folder = download(MODEL, tmp_path, endpoint, token="")
    assert (folder / "model.bin").read_bytes() == FILES["model.bin"]
    assert not (folder / "README.md").exists()


def test_other_weights_than_pinned_are_refused(endpoint: str, tmp_path: Path) -> None:
    pinned = Hub("tiny", "somebody/tiny", REVISION, sha256="0" * 64)
    with pytest.raises(WeightsError, match="expected 0000"):
        download(pinned, tmp_path, endpoint, token="")


@pytest.mark.parametrize("repository", ["somebody/missing", "somebody/secret"])
def test_what_the_hub_refuses_is_explained(endpoint: str, tmp_path: Path, repository: str) -> None:
    with pytest.raises(WeightsError, match="HF_ENDPOINT and HF_TOKEN, or put the files into"):
        download(Hub("x", repository, REVISION), tmp_path, endpoint, token="")


def test_the_answer_names_repository_revision_and_folder(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError) as caught:
        download(Hub("x", "somebody/missing", REVISION), tmp_path, endpoint, token="")
    assert f"somebody/missing@{REVISION}" in str(caught.value)
    assert str(tmp_path / "x") in str(caught.value)


def test_a_hub_that_is_not_there_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # the library waits 23 seconds between its tries
    with pytest.raises(WeightsError, match="HF_ENDPOINT and HF_TOKEN, or put the files into"):
        download(MODEL, tmp_path, "http://127.0.0.1:9", token="")


def test_resolving_a_hub_model_gives_its_pinned_digest(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HUB, "tiny", MODEL)
    found = resolver.resolve("tiny", tmp_path, endpoint)
    assert (found.version, found.sha256, found.source) == (REVISION, MODEL.sha256, "hub")
    named = resolver.resolve(f"somebody/tiny@{REVISION}", tmp_path, endpoint)
    assert (named.directory, named.sha256) == (tmp_path / "somebody--tiny", MODEL.sha256)


def test_a_token_opens_what_is_private(endpoint: str, tmp_path: Path) -> None:
    folder = download(Hub("x", "somebody/secret", REVISION), tmp_path, endpoint, token="good")
    assert (folder / "model.bin").exists()
