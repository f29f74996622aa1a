"""What lists show of sessions: filled when they are published, and read of what was published before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from orchestrator.activities.headlines import read_headlines
from orchestrator.sessions.states import SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.media import Media, MediaStore
from tests.unit.orchestrator.sessions.test_store import row

RESULT = b'{"decision_proposal": {"outcome": "pass", "total": 81.5}, "content": []}'
KEPT = timedelta(days=1)


@pytest.fixture
async def store(store: SessionStore) -> SessionStore:
    for number in range(4):
        await store.create(row(number))
    return store


async def published(store: SessionStore, media: MediaStore, number: int, content: bytes) -> SessionRow:
    written = await media.write(f"results/{row(number).id}.json", content)
    await store.publish(row(number).id, SessionState.COMPLETED, "Completed.", written, KEPT)
    return await store.existing(row(number).id)


async def test_what_was_published_before_is_read_once(
    store: SessionStore, media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.activities.headlines.AT_ONCE", 1)
    before = await published(store, media, 0, RESULT)
    await published(store, media, 2, RESULT)
    assert (before.outcome, before.total) == ("", None)
    assert await read_headlines(store, media) == 2
    after = await store.existing(before.id)
    assert (after.outcome, after.total, after.serious_findings) == ("pass", 81.5, 0)
    assert await read_headlines(store, media) == 0
    assert (await store.existing(row(1).id)).outcome == ""  # it has no result


async def test_what_cannot_be_read_keeps_nobody_waiting(store: SessionStore, media: MediaStore) -> None:
    await published(store, media, 0, b"no result")
    lost = await media.write("results/lost.json", RESULT)
    await media.delete(lost.uri)
    await store.publish(row(1).id, SessionState.COMPLETED, "Completed.", Media(lost.uri), KEPT)
    await published(store, media, 2, RESULT)
    with capture_logs() as logs:
        assert await read_headlines(store, media) == 1
    assert [entry["session_id"] for entry in logs] == [row(0).id, row(1).id]
    assert (await store.existing(row(2).id)).outcome == "pass"


async def test_publishing_again_replaces_what_is_shown(store: SessionStore, media: MediaStore) -> None:
    written = await media.write("results/x.json", RESULT)
    shown = {"outcome": "fail", "total": 20.0, "serious_findings": 2}
    await store.publish(row(3).id, SessionState.COMPLETED, "Completed.", written, KEPT, shown)
    found = await store.existing(row(3).id)
    assert (found.outcome, found.total, found.serious_findings) == ("fail", 20.0, 2)
    await store.publish(row(3).id, SessionState.COMPLETED, "Completed.", written, KEPT)
    assert (await store.existing(row(3).id)).outcome == ""  # to be read
