"""Every route and every call, tried by a recruiter of the same organisation who is not in the job's team."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from interview.administration.v1 import administration_service_pb2 as administration_pb

from gateway.access import believed
from orchestrator.api import AUDIT, IMPACT, JOBS, LETTERS, SERVICE, Orchestrator
from orchestrator.keys.service import Keys
from orchestrator.notes.tables import CommentRow
from orchestrator.ownership import NotTheirs, acting_for
from orchestrator.settings import DatabaseSettings
from servicekit.settings import ServerSettings
from tests.contract.organisations.estate import DELETED, Estate, estate_over, unknown
from tests.contract.organisations.test_calls import ACROSS, KNOWN_TO_ALL, answer, methods, request
from tests.contract.organisations.test_routes import SHOWN_TO_ALL, asked, reason, said
from tests.contract.test_doors import CLOSED
from tests.support.servers import ON_POSTGRESQL
from tests.support.serving import served
from tests.unit.orchestrator.sessions.test_store import row

pytestmark = ON_POSTGRESQL

RECRUITING = ["submit", "read", "review"]
BY_SCOPE = {"ExportChain", "AuthenticateApiKey"} | {name.rpartition("/")[2] for name in Orchestrator.guarded}
"""What shows the organisation's administration, and is for its admins and auditors only."""

TRIED = SERVICE, JOBS, LETTERS, IMPACT, AUDIT


@pytest.fixture
async def estate(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Estate]:
    monkeypatch.setattr(believed, "KEPT_S", 0.0)
    async with estate_over(database, tmp_path, monkeypatch) as found:
        yield found


async def somebody(estate: Estate, *scopes: str) -> tuple[str, dict[str, str]]:
    """A key of the organisation: its id in teams, and its header."""
    with acting_for("acme"):
        asked_for = administration_pb.CreateApiKeyRequest(name="somebody", scopes=scopes)
        made = await Keys(estate.site.orchestrator._store._engine).create(asked_for)
    return f"key:{made.key.key_id}", {"Authorization": f"Bearer {made.secret}"}


async def limited(estate: Estate, *principals: str) -> None:
    path = f"/v1/jobs/{estate.ids['job_id']}/team"
    changed = await estate.site.client.put(path, json={"principals": principals}, headers=estate.acme)
    assert changed.status_code == 200, changed.text


async def test_no_route_shows_a_teams_job_to_others(estate: Estate) -> None:
    inside, _ = await somebody(estate, *RECRUITING)
    _, outsider = await somebody(estate, *RECRUITING)
    await limited(estate, inside)
    before, nobodys, wrong = await estate.rows(), unknown(estate.ids), list[object]()
    for operation in CLOSED:
        theirs = await asked(estate, operation, estate.ids, outsider)
        nothing = await asked(estate, operation, nobodys, outsider)
        if "{" in operation[1] and said(theirs, estate.ids) != said(nothing, nobodys):
            wrong.append((operation, "differs", said(theirs, estate.ids), said(nothing, nobodys)))
        seen = [mark for mark in estate.told(theirs.text) if mark not in str(theirs.request.url)]
        if seen and operation[1] not in SHOWN_TO_ALL:
            wrong.append((operation, "shows", seen))
    assert not wrong, "\n".join(map(str, wrong))
    after = await estate.rows()
    for table in ("sessions", "jobs", "job_teams", "invitations", "comments", "scorecards", "letters", "reviews"):
        assert set(before[table]) <= set(after[table]), table


async def test_no_call_shows_a_teams_job_to_others(estate: Estate) -> None:
    inside, _ = await somebody(estate, *RECRUITING)
    outsider, _ = await somebody(estate, *RECRUITING)
    await limited(estate, inside)
    nobodys, wrong = unknown(estate.ids), list[object]()
    async with served(estate.site.orchestrator, ServerSettings(max_concurrent=0)) as channel:
        for method in methods():
            if method.containing_service not in TRIED or method.name in ACROSS | KNOWN_TO_ALL | BY_SCOPE:
                continue
            theirs = await answer(channel, method, request(method, estate.ids), "acme", outsider)
            nothing = await answer(channel, method, request(method, nobodys), "acme", outsider)
            if theirs[:2] != nothing[:2] or (theirs[0] != "OK" and theirs != nothing):
                wrong.append((method.name, theirs, nothing))
            if estate.told(theirs[2]):
                wrong.append((method.name, "shows", theirs[2]))
    assert not wrong, "\n".join(map(str, wrong))


async def test_the_team_admins_and_auditors_see_it(estate: Estate) -> None:
    inside, insider = await somebody(estate, *RECRUITING)
    _, outsider = await somebody(estate, *RECRUITING)
    _, auditor = await somebody(estate, "audit")
    session = f"/v1/sessions/{estate.ids['session_id']}"
    await limited(estate, inside)

    async def seen(path: str, who: dict[str, str]) -> int:
        return (await estate.site.client.get(path, headers=who)).status_code

    assert [await seen(session, who) for who in (insider, estate.acme, outsider)] == [200, 200, 404]
    assert await seen(f"{session}/audit", auditor) == 200
    assert estate.ids["session_id"] in (await estate.site.client.get("/v1/audit-chain", headers=auditor)).text
    gone = await estate.site.client.get(f"/v1/sessions/{DELETED}", headers=outsider)
    assert (gone.status_code, reason(gone)) == (404, "SESSION_NOT_FOUND")
    assert await seen(f"/v1/sessions/{DELETED}", insider) == 410
    team = (await estate.site.client.get(f"/v1/jobs/{estate.ids['job_id']}/team", headers=insider)).json()["team"]
    assert team == [{"principal_id": inside, "name": "somebody"}]
    copy = await estate.site.client.post(
        f"/v1/jobs/{estate.ids['job_id']}:copy", json={"title": "Copy"}, headers=insider
    )
    assert await seen(f"/v1/jobs/{copy.json()['job_id']}", outsider) == 404
    await limited(estate)  # open again
    assert await seen(session, outsider) == 200


async def test_members_are_named_by_address_and_strangers_refused(estate: Estate) -> None:
    path = f"/v1/jobs/{estate.ids['job_id']}/team"
    found = await estate.site.client.put(path, json={"principals": ["SITI@acme.example"]}, headers=estate.acme)
    assert found.json()["team"] == [{"principal_id": estate.ids["member_id"], "name": "Siti Rahasia"}]
    for stranger in ("budi@bravo.example", "key:0123456789abcdef", ""):
        refused = await estate.site.client.put(path, json={"principals": [stranger]}, headers=estate.acme)
        assert (refused.status_code, reason(refused)) == (400, "FIELD_INVALID")
    _, recruiter = await somebody(estate, *RECRUITING)
    assert (await estate.site.client.put(path, json={"principals": []}, headers=recruiter)).status_code == 403
    chain = (await estate.site.client.get("/v1/audit-chain", headers=estate.acme)).text
    assert f"job {estate.ids['job_id']}: {estate.ids['member_id']}" in chain


async def test_nothing_is_recorded_under_a_job_that_one_does_not_see(estate: Estate) -> None:
    inside, _ = await somebody(estate, *RECRUITING)
    outsider, _ = await somebody(estate, *RECRUITING)
    await limited(estate, inside)
    store, job_id, session_id = estate.site.orchestrator._store, estate.ids["job_id"], estate.ids["session_id"]
    now = datetime.now(UTC)
    for number, who in enumerate((inside, outsider)):
        of_the_job = row(number)
        of_the_job.organisation, of_the_job.job_id = "acme", job_id
        comment = CommentRow(id=str(number), session_id=session_id, author="A", author_id="", text="x", created_at=now)
        for made in (of_the_job, comment):
            with acting_for("acme", who), pytest.raises(NotTheirs) if who == outsider else nullcontext():
                async with store.transaction() as db:
                    db.add(made)
