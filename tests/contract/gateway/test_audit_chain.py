"""Who reads is recorded on every route, the chain is given out and verified, and a deleted session says it is gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from gateway.access.reads import READS
from interview_client.cli import app
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.settings import DatabaseSettings
from tests.support.candidates import seed
from tests.support.hiring import Site, site_over
from tests.support.signing import signer

ANI = f"{1:032x}"
PATHS = {"index": "0", "format": "vtt", "name:path": "0/stills/1.jpg", "session_id": ANI}


@pytest.fixture
async def site(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with site_over(database, tmp_path, monkeypatch) as found:
        await seed(found.orchestrator, await found.job())
        yield found


async def exported(site: Site) -> list[dict[str, Any]]:
    response = await site.client.get("/v1/audit-chain")
    assert response.status_code == 200
    return [json.loads(line) for line in response.text.splitlines()]


async def reads(site: Site) -> list[tuple[str, str, str, int | None]]:
    entries = [line["entry"] for line in await exported(site) if "entry" in line]
    return [
        (e["actor"], e["session_id"], e["details"], e["answer_index"])
        for e in entries
        if e["action"] == "read" and e["details"] != "audit-chain"
    ]


async def command(site: Site, *arguments: str) -> Result:
    environment = {"INTERVIEW_URL": str(site.client.base_url), "NO_COLOR": "1"}
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env=environment)


@pytest.mark.parametrize("route", [route for route in READS if "{session_id}" in route])
async def test_reading_by_any_route_is_recorded(site: Site, route: str) -> None:
    path = route
    for name, value in PATHS.items():
        path = path.replace(f"{{{name}}}", value)
    await site.client.get(path)
    answer = 0 if "{index}" in route else None
    assert await reads(site) == [("anybody", ANI, READS[route], answer)]


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/sessions.csv", "/v1/jobs/{job}/candidates"])
async def test_lists_that_show_results_are_recorded(site: Site, path: str) -> None:
    [job] = (await site.get("/v1/jobs"))["jobs"]
    await site.client.get(path.format(job=job["job_id"]))
    [(actor, session_id, what, _)] = await reads(site)
    assert (actor, session_id, what) == ("anybody", "", READS[path.replace("{job}", "{job_id}")])


async def test_asking_again_at_once_is_one_entry(site: Site) -> None:
    for _ in range(3):
        await site.client.get(f"/results/{ANI}")
    await site.client.get(f"/v1/sessions/{ANI}/answers/1")
    assert [what for _, _, what, _ in await reads(site)] == ["result", "answers"]


async def test_what_cannot_be_recorded_is_not_shown(site: Site) -> None:
    async with site.orchestrator._store.transaction() as db:
        await db.execute(text("DELETE FROM chain_head"))
    assert (await site.client.get(f"/v1/sessions/{ANI}")).status_code == 500


async def test_an_export_is_verified_and_a_changed_one_is_not(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    await site.client.get(f"/results/{ANI}")
    head = json.loads((await command(site, "audit", "head")).output.partition("{")[2].join(("{", "")))
    assert (await command(site, "audit", "export", str(file))).exit_code == 0
    done = await command(site, "audit", "verify", str(file), "--public-key", head["public_key"])
    assert done.exit_code == 0, done.output
    kept = file.read_text()
    file.write_text(kept.replace('"details":"result"', '"details":"report"'))
    done = await command(site, "audit", "verify", str(file))
    assert (done.exit_code, "is not what was recorded" in done.output) == (1, True)


async def test_a_row_that_is_changed_in_the_database_is_found(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    async with site.orchestrator._store.transaction() as db:
        postgresql = db.get_bind().dialect.name == "postgresql"
        where = " ON chain_entries" if postgresql else ""
        await db.execute(text(f"DROP TRIGGER {'chain_entries_stay' if postgresql else 'chain_entries_update'}{where}"))
        changed = "UPDATE chain_entries SET content = REPLACE(content, 'submitted', 'cancelled') WHERE sequence = 1"
        await db.execute(text(changed))
    assert (await command(site, "audit", "export", str(file))).exit_code == 0
    done = await command(site, "audit", "verify", str(file))
    assert (done.exit_code, "Entry 1 is not what was recorded" in done.output) == (1, True)


async def test_a_deleted_session_is_gone_and_has_a_receipt(site: Site, tmp_path: Path) -> None:
    receipts = Receipts(site.orchestrator._store)
    await receipts.expect(ANI, [f"sessions/{ANI}/0/upload/1"])
    await receipts.delete(ANI, signer())
    for path in (f"/v1/sessions/{ANI}", f"/v1/sessions/{ANI}/answers", f"/v1/sessions/{ANI}/report.pdf"):
        response = await site.client.get(path)
        assert response.status_code == 410, path
        [detail] = response.json()["error"]["details"]
        assert (detail["reason"], detail["metadata"]) == ("SESSION_DELETED", {"receipt": f"/v1/sessions/{ANI}/receipt"})
    for path in (f"/results/{ANI}", f"/results/{ANI}.json", f"/status/{ANI}"):
        response = await site.client.get(path)
        assert response.status_code == 410, path
        assert response.headers["Link"] == f'</v1/sessions/{ANI}/receipt>; rel="describedby"'
    assert (await site.client.delete(f"/v1/sessions/{ANI}")).status_code == 410
    assert (await site.client.get(f"/v1/sessions/{'f' * 32}")).status_code == 404
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(await site.get(f"/v1/sessions/{ANI}/receipt")))
    done = await command(site, "verify", str(file))
    assert done.exit_code == 0, done.output
    assert f'"session_id": "{ANI}"' in (await command(site, "receipt", ANI)).output
    file.write_text(file.read_text().replace('"request"', '"retention"'))
    assert (await command(site, "verify", str(file))).exit_code == 1


async def test_a_session_that_is_there_has_no_receipt(site: Site) -> None:
    response = await site.client.get(f"/v1/sessions/{ANI}/receipt")
    assert response.json()["error"]["details"][0]["reason"] == "RECEIPT_NOT_FOUND"
