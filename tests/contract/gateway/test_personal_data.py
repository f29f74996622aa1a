"""One candidate's data to take away, and reasons of decisions that outlive them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from interview_client.verification import check_chain, check_reasons, check_receipt
from orchestrator.audit.chain.receipts import Receipts, session_tables
from orchestrator.audit.reasons import Reasons
from orchestrator.audit.tables import DecisionReasonRow
from orchestrator.impact.tables import GroupAnswerRow
from orchestrator.reviews.store import ReviewStore
from orchestrator.reviews.tables import ReviewRow
from orchestrator.settings import DatabaseSettings
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.candidates import Made, seed
from tests.support.hiring import Site, site_over
from tests.support.signing import signer

WORDS = "Siti answered in great detail."


@pytest.fixture
async def site(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with site_over(database, tmp_path, monkeypatch) as found:
        yield found


async def candidate(site: Site, tmp_path: Path) -> str:
    """Somebody with a decision, a comment, a group and files."""
    job_id = await site.job()
    ids = await seed(site.orchestrator, job_id, (Made("Siti", "pass", 80.0), Made("Budi", "fail", 20.0)))
    session_id = ids["Siti"]
    await decide(site, session_id)
    async with site.orchestrator._store.transaction() as db:
        given = datetime.now(UTC)
        db.add(GroupAnswerRow(session_id=session_id, job_id=job_id, groups={"sex": "female"}, given_at=given))
    store = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    await store.write(f"sessions/{session_id}/0/upload/answer.mp4", b"moving pictures")
    await store.write(f"sessions/{session_id}/0/stills/1.jpg", b"a picture")
    await store.write(f"sessions/{session_id}/consent.json", b"{}")
    await store.write(f"results/{session_id}.json", b'{"content": []}')
    await store.write(f"sessions/{ids['Budi']}/0/stills/1.jpg", b"of Budi")
    return session_id


async def decide(site: Site, session_id: str, days: float = 183.0) -> None:
    row = ReviewRow(
        session_id=session_id, reviewer="Rina", decision="pass", reason=WORDS, overrides=[], proposal="pass",
        result_sha256="", created_at=datetime.now(UTC),
    )  # fmt: skip
    await ReviewStore(site.orchestrator._store, timedelta(days=days)).add(row)


async def delete(site: Site, session_id: str) -> dict[str, Any]:
    receipts = Receipts(site.orchestrator._store)
    await receipts.expect(session_id, [])
    await receipts.delete(session_id, signer())
    found = await site.get(f"/v1/sessions/{session_id}/receipt")
    assert check_receipt(found).faults == []
    return dict(found)


async def chain(site: Site) -> list[str]:
    return (await site.client.get("/v1/audit-chain")).text.splitlines()


async def test_everything_that_is_held_about_one_candidate(site: Site, tmp_path: Path) -> None:
    session_id = await candidate(site, tmp_path)
    response = await site.client.get(f"/v1/sessions/{session_id}/personal-data.zip")
    assert response.status_code == 200, response.text
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = {each["name"] for each in manifest["files"]}
        assert names | {"manifest.json"} == set(archive.namelist())
        for each in manifest["files"]:
            content = archive.read(each["name"])
            assert (len(content), hashlib.sha256(content).hexdigest()) == (each["bytes"], each["sha256"])
            assert each["about"]["en"]
            assert each["about"]["id"]
            assert b"Budi" not in content
        assert {"files/0/upload/answer.mp4", "files/0/stills/1.jpg", "files/consent.json", "result.json"} <= names
        rows = {name: json.loads(archive.read(name)) for name in names if name.startswith("database/")}
    assert rows["database/sessions.json"][0]["candidate_name"] == "Siti"
    assert rows["database/group_answers.json"][0]["groups"] == {"sex": "female"}
    assert rows["database/reviews.json"][-1]["reason"] == WORDS
    seen = [json.loads(each["content"])["action"] for each in rows["database/chain_entries.json"]]
    assert {"submitted", "decided", "reasoned", "read"} <= set(seen)  # the export itself as well
    assert (await site.client.get(f"/v1/sessions/{'f' * 32}/personal-data.zip")).status_code == 404


def test_no_table_of_a_session_is_forgotten() -> None:
    names = {table.name for table in session_tables()}
    assert {"sessions", "answers", "reviews", "comments", "scorecards", "group_answers", "similar_answers"} <= names


async def test_the_chain_seals_the_reason_and_holds_no_word_of_it(site: Site, tmp_path: Path) -> None:
    session_id = await candidate(site, tmp_path)
    lines = await chain(site)
    assert check_chain(lines).faults == []
    assert not any("detail." in line or "Rina" in line for line in lines)
    reasons = (await site.get(f"/v1/sessions/{session_id}/reasons"))["reasons"]
    assert json.loads(reasons[0]["text"]) == {"decision": "pass", "overrides": [], "reason": WORDS}
    assert check_reasons(lines, reasons).faults == []
    changed = [{**reasons[0], "text": reasons[0]["text"].replace("great", "little")}]
    assert check_reasons(lines, changed).faults != []
    assert check_reasons(lines, [{**reasons[0], "session_id": "f" * 32}]).faults != []


async def test_a_reason_outlives_the_session_for_its_time(site: Site, tmp_path: Path) -> None:
    session_id = await candidate(site, tmp_path)
    store = site.orchestrator._store
    assert await Reasons(store).forget_ended() == 0
    receipt = await delete(site, session_id)
    assert receipt["kept"]["decision_reasons"] == 1
    reasons = (await site.get(f"/v1/sessions/{session_id}/reasons"))["reasons"]
    lines = await chain(site)
    assert check_reasons(lines, reasons).faults == []
    assert '"details":"reasons"' in lines[-3].replace(" ", "")  # who reads it is recorded still
    async with store.transaction() as db:
        await db.execute(update(DecisionReasonRow).values(ends_at=datetime.now(UTC)))
    assert await Reasons(store).forget_ended() == 1
    assert (await site.get(f"/v1/sessions/{session_id}/reasons"))["reasons"] == []


async def test_without_a_time_of_its_own_it_goes_with_the_session(site: Site, tmp_path: Path) -> None:
    ids = await seed(site.orchestrator, await site.job(), (Made("Siti", "pass", 80.0),))
    session_id = ids["Siti"]
    await decide(site, session_id, days=0)
    assert await Reasons(site.orchestrator._store).forget_ended() == 0  # the session is there
    assert len((await site.get(f"/v1/sessions/{session_id}/reasons"))["reasons"]) == 1
    assert "kept" not in await delete(site, session_id)
    assert await Reasons(site.orchestrator._store).of(session_id) == []
