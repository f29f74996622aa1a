"""Pages, API description, headers, logs and metrics."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from tests.support.gateway import RunningGateway, running_gateway

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
WEB = Path("gateway/web")


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects", cors_origins=["https://hr.example"]) as running:
        yield running


async def test_root_is_a_page_for_browsers_and_json_for_programs(gateway: RunningGateway) -> None:
    for headers in ({"Accept": "application/json"}, {"Accept": "*/*"}):
        body = (await gateway.client.get("/", headers=headers)).json()
        assert body.keys() == {"message", "model", "endpoints"}
    page = await gateway.client.get("/", headers=BROWSER)
    assert page.headers["content-type"].startswith("text/html")
    assert page.text == (await gateway.client.get("/Upload.html")).text


@pytest.mark.parametrize(
    "path",
    [
        "/Upload.html",
        "/halaman_dasboard.html?session=x",
        "/links.html",
        "/candidate.html",
        "/jobs.html",
        "/job.html",
        "/compare.html",
        "/impact.html",
        "/docs",
    ],
)
async def test_everything_a_page_needs_is_served_here(gateway: RunningGateway, path: str) -> None:
    waiting, seen = [path], set()
    while waiting:
        here = waiting.pop()
        response = await gateway.client.get(here)
        assert response.status_code == 200, here
        seen.add(here)
        references = re.findall(r'(?:src|href)="([^"#]+)"|from "([^"]+)"', response.text)
        for reference in (a or b for a, b in references):
            assert not reference.startswith(("http", "//")), reference
            target = urljoin(here, reference)
            if target.endswith((".js", ".css")) and target not in seen:
                waiting.append(target)
    assert len(seen) >= 3


OWN_FILES = sorted(
    file for file in WEB.rglob("*.*") if file.parent.name != "vendor" and file.suffix not in (".py", ".pyc")
)


@pytest.mark.parametrize("file", OWN_FILES, ids=lambda file: file.name)
def test_pages_have_no_inline_code_and_never_write_markup_from_data(file: Path) -> None:
    text = file.read_text()
    assert "innerHTML" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=\"|\sstyle=\"|<style", text)
    assert not re.search(r"https?://(?=\w)(?!localhost|127\.0\.0\.1|www\.w3\.org|example|drive\.google)", text)


def test_every_text_of_the_pages_is_shown_somewhere() -> None:
    """Whole keys as they stand in modules and pages, and those that are put together from a beginning and a value."""
    texts = [file.read_text() for file in OWN_FILES if file.parent.name != "i18n"]
    source = "".join(texts)
    beginnings = tuple(re.findall(r"`([a-z_.]+\.)\$\{", source))
    keys = re.findall(r"^\s*\"([\w. ]+)\":", (WEB / "assets" / "i18n" / "en.js").read_text(), re.MULTILINE)
    assert len(keys) > 300
    assert [key for key in keys if f'"{key}"' not in source and not key.startswith(beginnings)] == []


async def test_security_headers_are_on_every_answer(gateway: RunningGateway) -> None:
    for path in ("/", "/Upload.html", "/assets/style.css", "/nothing", "/status/x"):
        headers = (await gateway.client.get(path)).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


async def test_only_named_origins_may_call(gateway: RunningGateway) -> None:
    allowed = await gateway.client.get("/", headers={"Origin": "https://hr.example"})
    refused = await gateway.client.get("/", headers={"Origin": "https://other.example"})
    assert allowed.headers["access-control-allow-origin"] == "https://hr.example"
    assert "access-control-allow-origin" not in refused.headers


async def test_the_api_description_is_complete(gateway: RunningGateway) -> None:
    description = (await gateway.client.get("/openapi.json")).json()
    operations = [operation for path in description["paths"].values() for operation in path.values()]
    assert all(operation["summary"] and operation["description"] for operation in operations)
    form = description["paths"]["/upload"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert {"candidate_name", "videos", "question", "language"} <= form["properties"].keys()
    examples = description["paths"]["/upload_json"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for name in ("flat", "nested"):
        response = await gateway.client.post("/upload_json", json=examples[name]["value"])
        assert response.status_code == 200, response.text


async def test_a_request_is_counted_and_logged_without_what_it_says(gateway: RunningGateway) -> None:
    labels = {"method": "GET", "route": "/status/{session_id}", "code": "404"}
    before = REGISTRY.get_sample_value("interview_http_requests_total", labels) or 0
    with capture_logs() as logs:
        await gateway.client.get("/status/Siti-Rahma?name=Siti")
        await gateway.client.get("/Siti")
    assert "Siti" not in str(logs)
    assert [entry["route"] for entry in logs if entry["event"] == "request"] == [labels["route"], "unmatched"]
    assert REGISTRY.get_sample_value("interview_http_requests_total", labels) == before + 1
