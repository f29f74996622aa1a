"""Group data: asked only where a job wants it, given under the link, and told in counts only."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from interview.impact.v1 import impact_service_pb2 as pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as orchestrator_pb

from gateway.access.scopes import NEEDED
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.impact.reporting import Reporting
from orchestrator.impact.store import ImpactStore
from orchestrator.impact.tables import GroupAnswerRow
from orchestrator.settings import DatabaseSettings
from tests.support.candidates import Made, seed
from tests.support.hiring import Site, site_over
from tests.support.servers import ON_POSTGRESQL
from tests.support.signing import signer

TELLING = {
    "/v1/jobs/{job_id}/group-questions",
    "/v1/upload-link/groups",
    *(f"/v1/jobs/{{job_id}}/impact{ending}" for ending in ("", ".csv", ".pdf")),
}
"""What names categories at all: none of them names a person."""
ONE = {"name": "x", "title_en": "X", "title_id": "Y"}


@pytest.fixture
async def site(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with site_over(database, tmp_path, monkeypatch) as found:
        yield found


async def asking(site: Site, *names: str) -> str:
    job_id = await site.job()
    body = {"characteristics": [{"name": name} for name in names or ("sex",)]}
    response = await site.client.put(f"/v1/jobs/{job_id}/group-questions", json=body)
    assert response.status_code == 200, response.text
    return job_id


async def people(site: Site, job_id: str, made: tuple[Made, ...], sexes: list[str]) -> dict[str, str]:
    """Candidates with results, each with the group at their place."""
    ids = await seed(site.orchestrator, job_id, made)
    async with site.orchestrator._store.transaction() as db:
        for session_id, sex in zip(ids.values(), sexes, strict=True):
            if sex:
                given = datetime.now(UTC)
                db.add(GroupAnswerRow(session_id=session_id, job_id=job_id, groups={"sex": sex}, given_at=given))
    return ids


WOMEN = tuple(
    Made(f"W{n}", "pass" if n < 6 else "fail", 40.0 + n, decision="pass" if n < 4 else "fail") for n in range(8)
)
MEN = tuple(Made(f"M{n}", "pass", 70.0 + n, decision="pass" if n < 8 else "fail") for n in range(10))
SILENT = (Made("S", "fail", 50.0),)
SEXES = ["female"] * 8 + ["male"] * 10 + [""]


async def test_nothing_is_asked_unless_the_job_asks(site: Site) -> None:
    job_id = await site.job()
    assert await site.get(f"/v1/jobs/{job_id}/group-questions") == {"characteristics": []}
    token = await site.token((await site.invited(job_id))[0])
    opened = await site.get("/v1/upload-link/groups", Authorization=f"Bearer {token}")
    assert opened == {"characteristics": [], "answered": False}
    assert await site.refused(f"/v1/jobs/{job_id}/impact", None, "GET") == (400, "NO_GROUP_QUESTIONS")


async def test_a_candidate_answers_changes_and_takes_back(site: Site) -> None:
    job_id = await asking(site, "sex", "race_ethnicity")
    mine = {"Authorization": f"Bearer {await site.token((await site.invited(job_id))[0])}"}
    opened = await site.get("/v1/upload-link/groups", **mine)
    assert [each["name"] for each in opened["characteristics"]] == ["sex", "race_ethnicity"]
    assert all(
        part["title_en"] and part["title_id"] for each in opened["characteristics"] for part in each["categories"]
    )
    for groups, answered in (
        ({"sex": "female", "race_ethnicity": "asian"}, True),
        ({"sex": "male"}, True),
        ({}, False),
    ):
        given = await site.client.put("/v1/upload-link/groups", json={"groups": groups}, headers=mine)
        assert given.json() == {"answered": answered}
        assert (await site.get("/v1/upload-link/groups", **mine))["answered"] is answered
    await site.client.put("/v1/upload-link/groups", json={"groups": {"sex": "male"}}, headers=mine)
    assert (await site.client.delete("/v1/upload-link/groups", headers=mine)).json() == {"answered": False}
    wrong = await site.client.put("/v1/upload-link/groups", json={"groups": {"sex": "blue"}}, headers=mine)
    assert wrong.status_code == 400


async def test_a_job_that_stops_asking_forgets_the_answers(site: Site) -> None:
    job_id = await asking(site)
    mine = {"Authorization": f"Bearer {await site.token((await site.invited(job_id))[0])}"}
    await site.client.put("/v1/upload-link/groups", json={"groups": {"sex": "female"}}, headers=mine)
    await site.client.put(f"/v1/jobs/{job_id}/group-questions", json={"characteristics": []})
    await site.client.put(f"/v1/jobs/{job_id}/group-questions", json={"characteristics": [{"name": "sex"}]})
    assert (await site.get("/v1/upload-link/groups", **mine))["answered"] is False


@pytest.mark.parametrize(
    "characteristics",
    [
        [{"name": "shoe_size"}],
        [{"name": "sex"}, {"name": "sex"}],
        [
            {
                "name": "own",
                "title_en": "A",
                "title_id": "B",
                "categories": [{"name": "x", "title_en": "X", "title_id": "X"}],
            }
        ],
        [{"name": name} for name in ("sex", "race_ethnicity", "age_band", "sex")],
    ],
)
async def test_questions_that_cannot_be_asked(site: Site, characteristics: list[dict[str, Any]]) -> None:
    path = f"/v1/jobs/{await site.job()}/group-questions"
    code, _ = await site.refused(path, {"characteristics": characteristics}, "PUT")
    assert code == 400


async def test_figures_by_hand(site: Site) -> None:
    job_id = await asking(site)
    await people(site, job_id, WOMEN + MEN + SILENT, SEXES)
    found = await site.get(f"/v1/jobs/{job_id}/impact")
    counts = {
        name: found[name] for name in ("people", "disclosed", "decided", "selected", "proposed", "scored", "kept")
    }
    assert counts == {
        "people": 19, "disclosed": 18, "decided": 18, "selected": 12, "proposed": 19, "scored": 19, "kept": False,
    }  # fmt: skip
    (table,) = found["tables"]
    assert table["unknown"] == 1
    groups = {group["categories"][0]: group for group in table["groups"]}
    women, men = groups["female"], groups["male"]
    # Decisions: 4 of 8 and 8 of 10, 0.5 / 0.8; proposals: 6 of 8 and all; nobody but men is above the median of 70.
    assert (women["decision"]["wanted"], men["decision"]["wanted"]) == (4, 8)
    assert women["decision"]["impact_ratio"] == pytest.approx(0.625)
    assert women["decision"]["below_four_fifths"] is True
    assert women["decision"]["fisher_p"] == pytest.approx(0.3213, abs=1e-4)
    assert women["proposal"]["rate"] == 0.75
    assert (women["score"]["wanted"], men["score"]["wanted"]) == (0, 9)
    assert groups["another"]["people"] == 0


async def test_as_a_table_and_to_publish(site: Site) -> None:
    job_id = await asking(site)
    await people(site, job_id, WOMEN + MEN + SILENT, SEXES)
    response = await site.client.get(f"/v1/jobs/{job_id}/impact.csv?language=id")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    women = next(row for row in rows if row["group"] == "Perempuan" and row["measure"] == "decision")
    assert (women["people"], women["wanted"], women["impact_ratio"]) == ("8", "4", "0.625")
    assert next(row for row in rows if row["measure"] == "unknown")["people"] == "1"
    response = await site.client.get(f"/v1/jobs/{job_id}/impact.pdf")
    assert response.content.startswith(b"%PDF")


@ON_POSTGRESQL
async def test_no_route_tells_a_persons_group(site: Site) -> None:
    categories = [{"name": name, "title_en": name, "title_id": name} for name in ("zebrafish", "aardvark")]
    asked = [{"name": "sex", "title_en": "Kind", "title_id": "Jenis", "categories": categories}]
    job_id = await site.job()
    await site.client.put(f"/v1/jobs/{job_id}/group-questions", json={"characteristics": asked})
    ids = await people(site, job_id, WOMEN + SILENT, ["zebrafish"] * 7 + ["aardvark", ""])
    invited = await site.invited(job_id)
    token = await site.token(invited[0])
    await site.client.put(
        "/v1/upload-link/groups", json={"groups": {"sex": "zebrafish"}}, headers={"Authorization": f"Bearer {token}"}
    )
    filled = {"session_id": ids["W0"], "job_id": job_id, "invitation_id": invited[0]["invitation_id"], "index": "0"}
    told = set()
    for method, path in NEEDED:
        if method != "GET":
            continue
        named = path.replace("{name:path}", "x").replace("{format}", "txt")
        for name, value in {**filled, "upload_id": "0" * 32}.items():
            named = named.replace(f"{{{name}}}", value)
        if named.endswith("/events"):
            continue  # goes on as long as the session does; it tells what /status tells
        for headers in ({}, {"Authorization": f"Bearer {token}"}):
            response = await site.client.get(named, headers=headers)
            if b"zebrafish" in response.content or b"aardvark" in response.content:
                told.add(path)
    assert told <= TELLING
    figures = (await site.get(f"/v1/jobs/{job_id}/impact"))["tables"][0]
    assert [group["people"] for group in figures["groups"]] == [None, None]  # one aardvark among eight
    assert figures["unknown"] is None or figures["unknown"] == 1


def test_no_answer_of_the_contract_holds_a_persons_group() -> None:
    for contract in (pb.DESCRIPTOR, orchestrator_pb.DESCRIPTOR):
        for service in contract.services_by_name.values():
            for method in service.methods:
                assert pb.GroupAnswer.DESCRIPTOR not in within(method.output_type, set()), method.full_name


def within(message: Descriptor, seen: set[Descriptor]) -> set[Descriptor]:
    if message not in seen:
        seen.add(message)
        for field in message.fields:
            if field.message_type is not None:
                within(field.message_type, seen)
    return seen


async def test_it_goes_with_the_session_and_counts_of_a_closed_job_stay(site: Site) -> None:
    job_id = await asking(site)
    ids = await people(site, job_id, WOMEN + MEN + SILENT, SEXES)
    store = site.orchestrator._store
    reporting, receipts = Reporting(ImpactStore(store)), Receipts(store)
    before = await site.get(f"/v1/jobs/{job_id}/impact")

    async def delete(name: str) -> None:
        await reporting.keep(ids[name])
        await receipts.expect(ids[name], [])
        await receipts.delete(ids[name], signer())

    await delete("M9")
    assert '"group_answers":1' in (await receipts.find(ids["M9"])).replace(" ", "")
    assert (await site.get(f"/v1/jobs/{job_id}/impact"))["people"] == 18  # an open job keeps no counts of who left
    await site.post(f"/v1/jobs/{job_id}:archive")
    for name in list(ids)[:18]:
        if name != "M9":
            await delete(name)
    after = await site.get(f"/v1/jobs/{job_id}/impact")
    assert (after["kept"], after["people"]) == (True, 18)
    women = after["tables"][0]["groups"][0]
    assert women == before["tables"][0]["groups"][0] or women["people"] == 8
    assert await ImpactStore(store).forget_orphans() == 0


async def test_answers_of_links_that_are_gone_are_deleted(site: Site) -> None:
    job_id = await asking(site)
    async with site.orchestrator._store.transaction() as db:
        gone = GroupAnswerRow(session_id="9" * 32, job_id=job_id, groups={"sex": "male"}, given_at=datetime.now(UTC))
        db.add(gone)
    mine = {"Authorization": f"Bearer {await site.token((await site.invited(job_id))[0])}"}
    await site.client.put("/v1/upload-link/groups", json={"groups": {"sex": "female"}}, headers=mine)
    assert await ImpactStore(site.orchestrator._store).forget_orphans() == 1
    assert (await site.get("/v1/upload-link/groups", **mine))["answered"] is True
