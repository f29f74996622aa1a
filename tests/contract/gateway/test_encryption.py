"""Everything that the gateway stores of a candidate is encrypted, whichever way it comes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from gateway.uploads import blocks as resumable
from orchestrator.api import Orchestrator
from orchestrator.sessions.states import SessionState
from orchestrator.settings import DatabaseSettings
from orchestrator.vault.tables import DataKeyRow
from servicekit.media import MediaStore
from tests.support.hiring import SECRET, Site
from tests.support.recruiting import Recruiting, orchestrator_over, recruiting
from tests.support.tus import TUS, begun, reason, sent, session_of, stands, uploaded

VIDEO = b"a recording of what somebody says " * 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """A gateway with keys over a real orchestrator, and where its objects lie."""

    site: Site
    running: Recruiting
    orchestrator: Orchestrator
    objects: Path

    def files(self, part: str = "") -> dict[str, bytes]:
        found = {p.relative_to(self.objects).as_posix(): p.read_bytes() for p in self.objects.rglob("*") if p.is_file()}
        return {name: content for name, content in found.items() if part in name}

    async def folders(self) -> set[str]:
        async with self.orchestrator._store.transaction() as db:
            return set(await db.scalars(select(DataKeyRow.folder)))

    def forget_keys(self) -> None:
        """As after the minute for which a gateway remembers them."""
        self.running.vault._known.clear()

    def nothing_in_clear(self) -> bool:
        return not [n for n, c in self.files().items() if b"somebody says" in c or b"Siti" in c or c[:1] == b"{"]

    @property
    def media(self) -> MediaStore:
        """The object store as the orchestrator reads it."""
        return self.orchestrator.sessions._media

    async def recordings(self, session_id: str) -> list[bytes]:
        row = await self.orchestrator._store.existing(session_id)
        return [await self.media.read(str((answer.media or {})["uri"])) for answer in row.answers]


@pytest.fixture
async def place(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    objects = tmp_path / "objects"
    orchestrator = orchestrator_over(database, objects, monkeypatch, encryption=True)
    async with recruiting(orchestrator, objects, signing_key=SECRET) as running:
        yield Place(Site(running.client, orchestrator), running, orchestrator, objects)
    await orchestrator.close()


async def form(place: Place, name: str = "Siti") -> str:
    fields = {"candidate_name": name, "language": "en", "question": "Why?"}
    made = await place.running.client.post("/upload", data=fields, files={"videos": ("a.mp4", VIDEO)})
    assert made.status_code == 200, made.text
    return str(made.json()["session_id"])


async def published(place: Place, session_id: str) -> None:
    written = await place.media.write(
        f"results/{session_id}.json", json.dumps({"name": "Siti", "content": []}).encode()
    )
    await place.orchestrator._store.publish(session_id, SessionState.COMPLETED, "Done.", written, timedelta(days=1))


async def test_a_form(place: Place) -> None:
    session_id = await form(place)
    assert len(place.files(session_id)) == 1
    assert place.nothing_in_clear()
    assert await place.folders() == {f"sessions/{session_id}"}
    assert await place.recordings(session_id) == [VIDEO]


async def test_a_resumable_upload_that_becomes_a_session(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumable, "PART_BYTES", 100_000)
    client: Any = place.running
    path = await begun(client, len(VIDEO))
    assert (await sent(client, path, 0, VIDEO[:1_000_000])).status_code == 204
    assert await stands(client, path) == 1_000_000  # of the content, not of what is stored for it
    assert len(place.files("/parts/")) > 1
    assert place.nothing_in_clear()
    assert (await sent(client, path, 1_000_000, VIDEO[1_000_000:])).status_code == 204
    assert place.nothing_in_clear()
    made = await client.client.post("/v1/sessions", json=session_of(path.rpartition("/")[2]))
    assert made.status_code == 201
    session_id = made.json()["session_id"]
    assert place.nothing_in_clear()
    assert await place.recordings(session_id) == [VIDEO]
    assert not place.files("uploads/") or not [n for n in place.files("uploads/") if n.endswith("video")]


async def test_an_upload_that_is_given_up_leaves_no_key(place: Place) -> None:
    client: Any = place.running
    path = f"/v1/uploads/{await uploaded(client, VIDEO)}"
    (folder,) = await place.folders()
    assert folder.startswith("uploads/")
    assert (await client.client.delete(path, headers=TUS)).status_code == 204
    assert await place.folders() == set()


async def test_a_candidate_with_a_link(place: Place) -> None:
    client: Any = place.running
    made = (await client.client.post("/v1/upload-links", json={"candidate_name": "Siti", "questions": ["Why?"]})).json()
    link, session_id = {"Authorization": f"Bearer {made['url'].partition('#')[2]}"}, made["session_id"]
    seen = (await client.client.get("/v1/upload-link", headers=link)).json()
    hashes = {f"{name}_sha256": seen[name]["sha256"] for name in ("consent", "information")}
    body = {"language": seen["consent"]["language"], **hashes}
    assert (await client.client.post("/v1/upload-link/consent", json=body, headers=link)).status_code == 201
    assert place.nothing_in_clear()
    assert f"consents/{session_id}" in await place.folders()
    assert (await client.client.get("/v1/upload-link", headers=link)).json()["receipt"]["session_id"] == session_id
    upload_id = await uploaded(client, VIDEO, "/v1/upload-link/uploads", **link)
    handed = await client.client.post("/v1/upload-link", json={"upload_ids": [upload_id]}, headers=link)
    assert handed.status_code == 200, handed.text
    assert f"consents/{session_id}" not in await place.folders()
    assert place.nothing_in_clear()
    assert await place.recordings(session_id) == [VIDEO]
    consent = await client.client.get(f"/v1/sessions/{session_id}/artefacts/consent.json")
    assert consent.json()["candidate_name"] == "Siti"


async def test_one_session_without_its_key_is_an_error_of_its_own(place: Place) -> None:
    lost, other = await form(place), await form(place, "Budi")
    for session_id in (lost, other):
        await published(place, session_id)
        assert (await place.site.get(f"/results/{session_id}"))["name"] == "Siti"
    assert place.nothing_in_clear()
    async with place.orchestrator._store.transaction() as db:
        await db.execute(delete(DataKeyRow).where(DataKeyRow.folder == f"sessions/{lost}"))
    place.forget_keys()
    refused = await place.running.client.get(f"/v1/sessions/{lost}/findings")
    assert (refused.status_code, reason(refused)) == (500, "KEY_MISSING")
    assert "its key is not there" in refused.text
    assert (await place.running.client.get(f"/results/{lost}")).status_code == 500
    assert (await place.site.get(f"/results/{other}"))["name"] == "Siti"
    table = (await place.running.client.get("/v1/sessions.csv")).text.splitlines()
    assert ["cannot be read" in line for line in table if lost in line or other in line].count(True) == 1
    assert len((await place.site.get("/v1/sessions"))["sessions"]) == 2


async def test_while_it_is_off_things_are_stored_as_they_are(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orchestrator = orchestrator_over(database, tmp_path / "objects", monkeypatch)
    async with recruiting(orchestrator, tmp_path / "objects") as running:
        place = Place(Site(running.client, orchestrator), running, orchestrator, tmp_path / "objects")
        session_id = await form(place)
        assert list(place.files(session_id).values()) == [VIDEO]
        assert await place.folders() == set()
    await orchestrator.close()
