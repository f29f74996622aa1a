"""A job's candidates over REST, from the real orchestrator's database."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from interview.administration.v1 import administration_service_pb2 as pb
from sqlalchemy import event

from orchestrator.settings import DatabaseSettings
from tests.support.candidates import CANDIDATES, Made, seed
from tests.support.hiring import JOB, Site, site_over

NAMES = [made.name for made in CANDIDATES]


@pytest.fixture
async def site(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with site_over(database, tmp_path, monkeypatch) as found:
        yield found


async def listed(site: Site, job_id: str, query: str = "", size: int = 200) -> list[str]:
    """Names on all pages."""
    names: list[str] = []
    token = ""
    while True:
        path = f"/v1/jobs/{job_id}/candidates?page_size={size}&page_token={token}{query}"
        page = await site.get(path)
        names += [candidate["candidate_name"] for candidate in page["candidates"]]
        token = page["next_page_token"]
        if not token:
            return names


async def test_a_candidate_in_a_line(site: Site) -> None:
    job_id = await site.job()
    ids = await seed(site.orchestrator, job_id)
    await seed(site.orchestrator, await site.job(), (Made("Gita", "pass", 90.0),), first=50)
    page = await site.get(f"/v1/jobs/{job_id}/candidates")
    assert [candidate["candidate_name"] for candidate in page["candidates"]] == NAMES[::-1]
    by_name = {candidate["candidate_name"]: candidate for candidate in page["candidates"]}
    assert by_name["Ani"] == {
        "session_id": ids["Ani"], "candidate_name": "Ani", "state": "completed", "create_time": "2026-01-01T00:00:00Z",
        "outcome": "pass", "total": 82.5, "total_low": 74.5, "total_high": 88.5,
        "findings": {"info": 1, "review": 0, "serious": 0}, "decision": "open", "shortlist_time": None, "comments": 0,
        "hidden": False,
    }  # fmt: skip
    eka = by_name["Eka"]
    assert (eka["state"], eka["outcome"], eka["total"], eka["findings"]) == ("running", None, None, None)
    decisions = [by_name[name]["decision"] for name in NAMES]
    assert decisions == ["open", "pass", "contested", "open", "open", "consider"]
    assert page["fitting"] == 6
    assert page["totals"] == {"steps": [0, 0, 0, 0, 1, 0, 1, 0, 1, 1], "not_scored": 2}


@pytest.mark.parametrize(
    ("order", "rising"),
    [
        ("created", NAMES),
        ("name", NAMES),
        ("total", ["Citra", "Budi", "Ani", "Fajar", "Dewi", "Eka"]),
        ("outcome", ["Dewi", "Citra", "Budi", "Ani", "Fajar", "Eka"]),
        ("findings", ["Dewi", "Ani", "Budi", "Citra", "Fajar", "Eka"]),
        ("decision", ["Ani", "Dewi", "Eka", "Citra", "Fajar", "Budi"]),
    ],
)
@pytest.mark.parametrize("size", [1, 4])
async def test_every_order_in_both_directions_page_after_page(
    site: Site, order: str, rising: list[str], size: int
) -> None:
    job_id = await site.job()
    await seed(site.orchestrator, job_id)
    assert await listed(site, job_id, f"&order={order}&descending=false", size) == rising
    without = {"total": ["Eka", "Dewi"], "outcome": ["Eka"], "findings": ["Eka"]}.get(order, [])
    falling = [name for name in reversed(rising) if name not in without] + without
    assert await listed(site, job_id, f"&order={order}&descending=true", size) == falling


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("outcome=pass", ["Fajar", "Ani"]),
        ("outcome=insufficient", ["Dewi"]),
        ("decision=open", ["Eka", "Dewi", "Ani"]),
        ("decision=contested", ["Citra"]),
        ("decision=pass", ["Budi"]),
        ("findings=none", ["Dewi", "Ani"]),
        ("findings=review", ["Fajar", "Citra", "Budi"]),
        ("findings=serious", ["Fajar", "Citra"]),
        ("least_total=61&most_total=82.5", ["Budi", "Ani"]),
        ("created_after=2026-01-05T00:00:00Z", ["Fajar", "Eka"]),
        ("created_before=2026-01-02T00:00:00Z", ["Ani"]),
        ("q=UD", ["Budi"]),
        ("q=%25", []),
        ("outcome=pass&decision=open", ["Ani"]),
    ],
)
async def test_filters_narrow_list_and_counts(site: Site, query: str, names: list[str]) -> None:
    job_id = await site.job()
    await seed(site.orchestrator, job_id)
    page = await site.get(f"/v1/jobs/{job_id}/candidates?page_size=1&{query}")
    assert page["fitting"] == len(names)
    assert sum(page["totals"]["steps"]) + page["totals"]["not_scored"] == len(names)
    assert await listed(site, job_id, f"&{query}", 1) == names


@pytest.mark.parametrize(
    "query",
    ["order=luck", "outcome=maybe", "least_total=101", "created_after=2026-01-01", "page_size=201", "page_token=x"],
)
async def test_what_cannot_be_is_refused(site: Site, query: str) -> None:
    job_id = await site.job()
    response = await site.client.get(f"/v1/jobs/{job_id}/candidates?{query}")
    assert (response.status_code, response.json()["error"]["details"][0]["reason"]) == (400, "FIELD_INVALID")


async def test_a_token_goes_on_in_its_own_order_only(site: Site) -> None:
    job_id = await site.job()
    await seed(site.orchestrator, job_id)
    path = f"/v1/jobs/{job_id}/candidates?page_size=1"
    token = (await site.get(f"{path}&order=total"))["next_page_token"]
    assert await site.refused(f"{path}&order=name&page_token={token}", None, "GET") == (400, "FIELD_INVALID")


async def test_a_page_costs_one_query_however_many_there_are(site: Site) -> None:
    job_id = await site.job()
    await seed(site.orchestrator, job_id, tuple(Made(f"N{n}", "pass", float(n), decision="pass") for n in range(30)))
    statements: list[str] = []
    engine = site.orchestrator._store._engine.sync_engine

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", executed)
    await site.get(f"/v1/jobs/{job_id}/candidates?order=decision&page_size=20")
    event.remove(engine, "before_cursor_execute", executed)
    asked = [each for each in statements if re.search(r"FROM (sessions|answers|reviews|stages)", each)]
    assert len([each for each in asked if "started_at IS NULL" not in each]) == 1  # which looks for what is owed


async def test_who_is_deleted_is_gone(site: Site) -> None:
    job_id = await site.job()
    ids = await seed(site.orchestrator, job_id)
    await site.orchestrator._store.delete(ids["Ani"])
    page = await site.get(f"/v1/jobs/{job_id}/candidates?q=ani")
    assert (page["candidates"], page["fitting"]) == ([], 0)
    assert (await site.get(f"/v1/jobs/{job_id}/candidates"))["fitting"] == 5


async def test_others_are_neither_seen_nor_counted(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch, sign_in=True, session_access="owner") as site:
        scopes = {"Ani": ["submit", "read"], "Budi": ["submit", "read"], "Eka": ["submit"], "Root": ["admin"]}
        wanted = [pb.CreateApiKeyRequest(name=name, scopes=scopes[name]) for name in scopes]
        made = [await site.orchestrator.administration.CreateApiKey(key, None) for key in wanted]
        ani, budi, eka, root = ({"Authorization": f"Bearer {key.secret}"} for key in made)
        job_id = (await site.client.post("/v1/jobs", json=JOB, headers=ani)).json()["job_id"]
        await seed(site.orchestrator, job_id, (Made("Own", "pass", 80.0),), owner=f"key:{made[0].key.key_id}")
        await seed(site.orchestrator, job_id, (Made("Other", "pass", 70.0),), 9, owner=f"key:{made[1].key.key_id}")
        path = f"/v1/jobs/{job_id}/candidates"
        page = (await site.client.get(path, headers=ani)).json()
        assert [candidate["candidate_name"] for candidate in page["candidates"]] == ["Own"]
        assert (page["fitting"], page["totals"]["steps"][7]) == (1, 0)
        assert (await site.client.get(path, headers=budi)).status_code == 404
        assert (await site.client.get(path, headers=eka)).status_code == 403
        assert (await site.client.get(path, headers=root)).json()["fitting"] == 2
