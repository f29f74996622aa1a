"""How often a question is answered is counted by the server, whatever the page says."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestrator.settings import DatabaseSettings
from tests.support.hiring import CANDIDATES, Site, site_over
from tests.support.tus import TUS, reason

UPLOADS = "/v1/upload-link/uploads"
CHUNK = {"Content-Type": "application/offset+octet-stream"}
QUESTIONS = [{"text": "Mengapa?", "retakes": 1}, {"text": "Apa?", "retakes": 0}]


class Candidate:
    """Somebody who was invited, and what they upload by hand."""

    def __init__(self, site: Site, token: str) -> None:
        self.client, self.link = site.client, {"Authorization": f"Bearer {token}"}

    async def begin(self, question: int | None = 0, **more: str) -> httpx.Response:
        pairs = {} if question is None else {"question": str(question)}
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in (pairs | more).items())
        headers = self.link | TUS | {"Upload-Defer-Length": "1", "Upload-Metadata": metadata}
        return await self.client.post(UPLOADS, headers=headers)

    async def send(self, path: str, content: bytes, offset: int = 0, whole: bool = True) -> httpx.Response:
        headers = self.link | TUS | CHUNK | {"Upload-Offset": str(offset)}
        if whole:
            headers["Upload-Length"] = str(offset + len(content))
        return await self.client.patch(path, content=content, headers=headers)

    async def take(self, question: int = 0, content: bytes = b"video") -> str:
        path = httpx.URL((await self.begin(question)).headers["location"]).path
        assert (await self.send(path, content)).status_code == 204
        return path

    async def delete(self, path: str) -> None:
        assert (await self.client.delete(path, headers=self.link | TUS)).status_code == 204

    async def counted(self) -> Any:
        return (await self.client.get(UPLOADS, headers=self.link)).json()["takes"]

    async def hand_in(self, *paths: str) -> httpx.Response:
        ids = [path.rpartition("/")[2] for path in paths]
        return await self.client.post("/v1/upload-link", json={"upload_ids": ids}, headers=self.link)


@pytest.fixture
async def candidate(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Candidate]:
    async with site_over(database, tmp_path, monkeypatch) as site:
        job_id = await site.job(questions=QUESTIONS, policy="", consent_text="")
        [invitation] = await site.invited(job_id, CANDIDATES[:1])
        yield Candidate(site, await site.token(invitation))


async def test_no_more_than_the_job_allows_also_after_deletion(candidate: Candidate) -> None:
    first = await candidate.take()
    second = await candidate.take()
    await candidate.delete(first)
    refused = await candidate.begin()
    assert (refused.status_code, reason(refused)) == (409, "RETAKES_USED")
    await candidate.delete(second)
    assert (await candidate.begin()).status_code == 409
    assert await candidate.counted() == [2, 0]
    assert (await candidate.begin(1)).status_code == 201


async def test_what_was_cut_off_or_is_empty_is_no_retake(candidate: Candidate) -> None:
    cut = httpx.URL((await candidate.begin(1)).headers["location"]).path
    assert (await candidate.send(cut, b"vid", whole=False)).status_code == 204
    empty = httpx.URL((await candidate.begin(1)).headers["location"]).path
    for path in (cut, empty):
        await candidate.delete(path)
    assert await candidate.counted() == [0, 0]
    await candidate.take(1)
    assert await candidate.counted() == [0, 1]


async def test_recordings_begun_beside_each_other_end_where_one_is_whole(candidate: Candidate) -> None:
    both = [httpx.URL((await candidate.begin(1)).headers["location"]).path for _ in range(2)]
    assert (await candidate.send(both[0], b"video")).status_code == 204
    refused = await candidate.send(both[1], b"video")
    assert (refused.status_code, reason(refused)) == (409, "RETAKES_USED")


async def test_each_answer_was_recorded_for_its_question(candidate: Candidate) -> None:
    for question in (None, 2, 999):
        refused = await candidate.begin(question)
        assert (refused.status_code, reason(refused)) == (400, "FIELD_INVALID")
    assert (await candidate.begin(None, speed="1")).status_code == 201
    first, second = await candidate.take(0), await candidate.take(1, b"other")
    assert (await candidate.hand_in(second, first)).status_code == 400
    assert (await candidate.hand_in(first, second)).status_code == 200
    assert (await candidate.hand_in(first, second)).status_code == 200  # no answer came the first time


async def test_files_of_the_hand_in_itself_are_a_take_too(candidate: Candidate) -> None:
    async def handed_in() -> httpx.Response:
        files = [("videos", (f"{n}.mp4", b"video")) for n in range(2)]
        return await candidate.client.post("/v1/upload-link", files=files, headers=candidate.link)

    await candidate.delete(await candidate.take(1))
    refused = await handed_in()
    assert (refused.status_code, reason(refused)) == (409, "RETAKES_USED")


async def test_what_a_job_allows_reaches_its_candidates(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: dict[str, Any] = {"audio_only": True, "signals": ["paste", "page_left", "paste"]}
    questions = [{"text": "Mengapa?", "pauses": 2}, {"text": "Apa?"}]
    async with site_over(database, tmp_path, monkeypatch) as site:
        job_id = await site.job(policy="", consent_text="", questions=questions, **allowed)
        made = await site.get(f"/v1/jobs/{job_id}")
        assert (made["audio_only"], made["signals"]) == (True, ["page_left", "paste"])
        [invitation] = await site.invited(job_id, CANDIDATES[:1])
        headers = {"Authorization": f"Bearer {await site.token(invitation)}"}
        seen = await site.get("/v1/upload-link?language=en", **headers)
        assert (seen["audio_only"], seen["signals"]) == (True, ["page_left", "paste"])
        assert [question["pauses"] for question in seen["questions"]] == [2, 0]
        assert "that another tab or window is in front of it; that something is pasted" in seen["information"]["text"]
        wrong = {"title": "Kasir", "language": "id", "questions": questions}
        assert (await site.refused("/v1/jobs", wrong | {"signals": ["keystrokes"]}))[0] == 400
        assert (await site.refused("/v1/jobs", wrong | {"questions": [{"text": "Apa?", "pauses": 11}]}))[0] == 400
