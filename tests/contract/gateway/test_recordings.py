"""A recording is given out in parts, to those who may, as long as they may, and it is recorded once who looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from interview_client.cli import app
from orchestrator.audit.chain.store import ChainStore
from orchestrator.sessions.states import PlaybackState
from orchestrator.sessions.store import touch
from orchestrator.sessions.tables import AnswerRow
from orchestrator.settings import DatabaseSettings
from servicekit.media import CHUNK_BYTES, MediaStore
from servicekit.settings import StoreSettings
from tests.contract.gateway.test_audit_chain import ANI, reads
from tests.support.candidates import seed
from tests.support.hiring import Site, site_over

KEY = f"sessions/{ANI}/0/playback.mp4"
RECORDING = f"/v1/sessions/{ANI}/answers/0/recording"
CONTENT = bytes(range(256)) * 10_000  # more than one chunk


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))


@pytest.fixture
async def site(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, media: MediaStore
) -> AsyncIterator[Site]:
    async with site_over(database, tmp_path, monkeypatch) as found:
        await seed(found.orchestrator, await found.job())
        written = await media.write(KEY, CONTENT, "video/mp4")
        await keep(found, playback_state=PlaybackState.READY, playback=asdict(written))
        yield found


async def keep(site: Site, **values: Any) -> None:
    """Change what can be played of Ani's answer."""
    async with site.orchestrator._store.transaction() as db:
        await db.execute(update(AnswerRow).where(AnswerRow.session_id == ANI).values(**values))
        await touch(db, ANI)


async def part(site: Site, header: str, **more: str) -> httpx.Response:
    return await site.client.get(RECORDING, headers={"Range": header, **more})


async def test_all_of_it_and_parts(site: Site) -> None:
    whole = await site.client.get(RECORDING, headers={"Accept-Encoding": "gzip"})
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, CONTENT, "video/mp4")
    assert (whole.headers["accept-ranges"], whole.headers["content-length"]) == ("bytes", str(len(CONTENT)))
    assert (whole.headers["cache-control"], "content-encoding" in whole.headers) == ("no-store", False)
    assert len(CONTENT) > CHUNK_BYTES
    middle = await part(site, "bytes=1000000-1100000")
    assert (middle.status_code, middle.content) == (206, CONTENT[1_000_000:1_100_001])
    assert middle.headers["content-range"] == f"bytes 1000000-1100000/{len(CONTENT)}"
    last = await part(site, "bytes=-7")
    assert (last.status_code, last.content) == (206, CONTENT[-7:])
    tag = whole.headers["etag"]
    assert (await part(site, "bytes=0-9", **{"If-Range": tag})).status_code == 206
    assert (await part(site, "bytes=0-9", **{"If-Range": '"other"'})).content == CONTENT
    assert (await part(site, "bytes=0-9,20-29")).content == CONTENT


async def test_a_range_that_it_does_not_have(site: Site) -> None:
    refused = await part(site, f"bytes={len(CONTENT)}-")
    assert refused.status_code == 416
    assert refused.headers["content-range"] == f"bytes */{len(CONTENT)}"
    assert refused.json()["error"]["details"][0]["reason"] == "RANGE_NOT_SATISFIABLE"


async def test_head_says_how_large_it_is(site: Site) -> None:
    head = await site.client.head(RECORDING)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(CONTENT)))
    head = await site.client.head(RECORDING, headers={"Range": "bytes=10-19"})
    assert (head.status_code, head.headers["content-length"]) == (206, "10")


async def test_looking_is_recorded_once_however_many_parts_are_read(site: Site) -> None:
    await site.client.head(RECORDING)
    for start in range(0, len(CONTENT), 500_000):
        await part(site, f"bytes={start}-{start + 9}")
    assert await reads(site) == [("anybody", ANI, "recording", 0)]


async def test_another_gateway_does_not_record_it_again(
    site: Site, database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await part(site, "bytes=0-9")
    async with site_over(database, tmp_path, monkeypatch) as other:
        assert (await part(other, "bytes=10-19")).status_code == 206
        assert await reads(other) == [("anybody", ANI, "recording", 0)]
    later = timedelta(minutes=40)
    store = site.orchestrator._store
    assert await ChainStore(store).record_read(ANI, "anybody", "recording", 0, timedelta(0))
    assert await ChainStore(store).record_read(ANI, "anybody", "recording", 0, later)
    assert len(await reads(site)) == 2


@pytest.mark.parametrize(
    "values",
    [
        {"playback_end_at": datetime.now(UTC) - timedelta(seconds=1)},
        {"playback_state": PlaybackState.PENDING, "playback": None},
        {"playback_state": PlaybackState.DELETED, "playback": None},
        {"playback_state": "", "playback": None},
    ],
    ids=["over", "being made", "deleted", "never kept"],
)
async def test_what_may_not_be_played_is_not_given_out(site: Site, values: dict[str, Any]) -> None:
    await keep(site, **values)
    refused = await site.refused(RECORDING, None, "GET")
    assert refused == (404, "RECORDING_NOT_FOUND")
    assert (await site.client.head(RECORDING)).status_code == 404
    assert await site.refused(RECORDING.replace("/0/", "/9/"), None, "GET") == (404, "ANSWER_NOT_FOUND")


async def test_a_file_that_is_gone_is_said_before_anything_is_sent(site: Site, media: MediaStore) -> None:
    await media.delete_prefix(f"sessions/{ANI}")
    assert (await part(site, "bytes=0-9")).status_code == 404


async def test_the_session_says_what_can_be_played(site: Site) -> None:
    until = datetime.now(UTC) + timedelta(days=1)
    await keep(site, playback_end_at=until)
    [answer] = (await site.get(f"/v1/sessions/{ANI}"))["answers"]
    playback = answer["playback"]
    assert datetime.fromisoformat(playback.pop("expire_time")) == until
    assert playback == {"state": "ready", "content_type": "video/mp4", "size_bytes": len(CONTENT)}
    policies = {p["name"]: p for p in (await site.get("/v1/policies"))["policies"]}
    kept = {name: (p["keep_recordings"], p["keep_recordings_days"]) for name, p in policies.items()}
    assert (kept["default"], kept["playback"]) == (("until_processed", None), ("until_decided", None))


async def test_the_command_writes_it(site: Site, tmp_path: Path) -> None:
    arguments = ["recording", ANI, "1", "-o", str(tmp_path / "a.mp4"), "--url", str(site.client.base_url)]
    done = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "a.mp4").read_bytes() == CONTENT
    await keep(site, playback_state=PlaybackState.DELETED)
    done = await asyncio.to_thread(CliRunner().invoke, app, [*arguments[:4], str(tmp_path / "b.mp4"), *arguments[5:]])
    assert done.exit_code == 1
    assert not (tmp_path / "b.mp4").exists()
