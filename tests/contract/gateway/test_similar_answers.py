"""Nearly the same answer twice over REST: found in a job, shown to whoever may see both, gone with either session."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from interview.administration.v1 import administration_service_pb2 as pb
from sqlalchemy import text, update
from structlog.testing import capture_logs

from orchestrator.sessions.tables import SessionRow
from orchestrator.settings import DatabaseSettings
from orchestrator.similarity.comparison import Comparison
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.candidates import Made, seed
from tests.support.copies import LEARNT, LEARNT_TOO, OWN_WORDS, say
from tests.support.hiring import Site, site_over

PEOPLE = tuple(Made(name, "pass", 80.0) for name in ("Ani", "Budi", "Citra"))
ANI, BUDI, CITRA = (f"{n:032x}" for n in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Heard:
    """A site whose candidates have answered, and what compares them."""

    site: Site
    media: MediaStore
    comparison: Comparison

    async def similar(self, session_id: str, **headers: str) -> list[Any]:
        found = await self.site.get(f"/v1/sessions/{session_id}/similar-answers", **headers)
        return list(found["similar_answers"])

    async def change(self, session_id: str, **columns: Any) -> None:
        async with self.site.orchestrator._store.transaction() as db:
            await db.execute(update(SessionRow).where(SessionRow.id == session_id).values(**columns))

    async def rows(self) -> list[int]:
        async with self.site.orchestrator._store.transaction() as db:
            tables = ("answer_sketches", "similar_answers")
            return [await db.scalar(text(f"select count(*) from {table}")) or 0 for table in tables]


async def answered(site: Site, folder: Path, job_id: str) -> Heard:
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(folder / "objects")))
    written = await media.write("results/any.json", b"{}")
    await seed(site.orchestrator, job_id, PEOPLE, result=dataclasses.asdict(written))
    for session_id, said in ((ANI, LEARNT), (BUDI, LEARNT_TOO), (CITRA, OWN_WORDS)):
        await say(media, session_id, said)
    return Heard(site, media, Comparison(site.orchestrator._store, media))


@pytest.fixture
async def heard(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Heard]:
    async with site_over(database, tmp_path, monkeypatch) as site:
        yield await answered(site, tmp_path, await site.job())


async def test_both_quotes_are_shown_from_either_side(heard: Heard) -> None:
    assert [await heard.comparison.compare(session_id) for session_id in (ANI, BUDI, CITRA)] == [0, 1, 0]
    [mine], [theirs] = await heard.similar(ANI), await heard.similar(BUDI)
    assert await heard.similar(CITRA) == []
    other = mine["other"]
    assert (other["session_id"], other["candidate_name"], other["answer_index"]) == (BUDI, "Budi", 0)
    assert (mine["quote"] in LEARNT, other["quote"] in LEARNT_TOO) == (True, True)
    assert min(len(mine["quote"]), len(other["quote"])) > 200
    assert theirs["other"] == {name: mine[name] for name in ("answer_index", "quote", "start_s", "end_s")} | {
        "session_id": ANI, "candidate_name": "Ani",
    }  # fmt: skip
    assert theirs["quote"] == other["quote"]
    assert (mine["severity"], mine["shared"] > 0.5, bool(mine["innocent_explanation"])) == ("info", True, True)
    found = await heard.site.get(f"/v1/jobs/{(await heard.site.get('/v1/jobs'))['jobs'][0]['job_id']}/candidates")
    assert {c["total"] for c in found["candidates"]} == {80.0}


async def test_comparing_again_replaces_what_was_found(heard: Heard) -> None:
    for session_id in (ANI, BUDI, ANI):
        await heard.comparison.compare(session_id)
    assert await heard.rows() == [2, 1]
    await say(heard.media, ANI, OWN_WORDS)
    await heard.comparison.compare(ANI)
    assert await heard.rows() == [2, 0]


@pytest.mark.parametrize("gone", [ANI, BUDI])
async def test_it_goes_with_either_session(heard: Heard, gone: str) -> None:
    for session_id in (ANI, BUDI, CITRA):
        await heard.comparison.compare(session_id)
    assert await heard.rows() == [3, 1]
    await heard.site.orchestrator._store.delete(gone)
    assert await heard.rows() == [2, 0]
    assert await heard.similar(BUDI if gone == ANI else ANI) == []


async def test_what_was_published_before_is_made_up_for(heard: Heard) -> None:
    with capture_logs() as logs:
        assert [await heard.comparison.catch_up() for _ in range(2)] == [3, 0]
    assert [pair["other"]["session_id"] for pair in await heard.similar(ANI)] == [BUDI]
    assert "keluhan" not in str(logs)


@pytest.mark.parametrize(
    "columns", [{"candidate_name": "Ani", "candidate_search": "ani"}, {"job_id": "f" * 32}, {"job_id": ""}]
)
async def test_one_person_twice_or_another_job_is_no_pair(heard: Heard, columns: dict[str, str]) -> None:
    await heard.change(BUDI, **columns)
    assert [await heard.comparison.compare(session_id) for session_id in (ANI, BUDI)] == [0, 0]


async def test_another_question_is_no_pair(heard: Heard) -> None:
    async with heard.site.orchestrator._store.transaction() as db:
        await db.execute(text(f"update answers set question = 'Apa?' where session_id = '{BUDI}'"))
    assert [await heard.comparison.compare(session_id) for session_id in (ANI, BUDI)] == [0, 0]


async def test_who_may_not_see_the_other_session_sees_no_quote_of_it(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch, sign_in=True, session_access="owner") as site:
        wanted = [pb.CreateApiKeyRequest(name=name, scopes=[scope]) for name, scope in (("R", "read"), ("A", "admin"))]
        reader, admin = [await site.orchestrator.administration.CreateApiKey(key, None) for key in wanted]
        heard = await answered(site, tmp_path, "f" * 32)
        for session_id in (ANI, BUDI):
            await heard.comparison.compare(session_id)
        mine = {"owner": f"key:{reader.key.key_id}"}
        await heard.change(ANI, **mine)
        asks, sees = ({"Authorization": f"Bearer {key.secret}"} for key in (reader, admin))
        assert await heard.similar(ANI, **asks) == []
        assert len(await heard.similar(ANI, **sees)) == 1
        assert (await site.client.get(f"/v1/sessions/{BUDI}/similar-answers", headers=asks)).status_code == 404
        await heard.change(BUDI, **mine)
        assert len(await heard.similar(ANI, **asks)) == 1


async def test_under_blind_review_both_are_rated_first(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch, sign_in=True) as site:
        wanted = pb.CreateApiKeyRequest(name="Rina", scopes=["review"])
        key = await site.orchestrator.administration.CreateApiKey(wanted, None)
        asks = {"Authorization": f"Bearer {key.secret}"}
        heard = await answered(site, tmp_path, "f" * 32)
        for session_id in (ANI, BUDI):
            await heard.comparison.compare(session_id)
        await heard.change(BUDI, blind=True)
        assert (await site.client.get(f"/v1/sessions/{BUDI}/similar-answers", headers=asks)).status_code == 400
        assert await heard.similar(ANI, **asks) == []
        await heard.change(BUDI, blind=False)
        assert len(await heard.similar(ANI, **asks)) == 1
