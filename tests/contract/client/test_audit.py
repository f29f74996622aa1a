"""An auditor's commands over the real orchestrator: impact, one candidate's data, reasons of decisions."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from interview_client.cli import app
from orchestrator.impact.tables import GroupAnswerRow
from orchestrator.settings import DatabaseSettings
from tests.contract.gateway.test_personal_data import decide
from tests.support.candidates import Made, seed
from tests.support.hiring import Site, site_over

ENVIRONMENT = {"COLUMNS": "200", "NO_COLOR": "1", "FORCE_COLOR": None}


@pytest.fixture
async def site(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with site_over(database, tmp_path, monkeypatch) as found:
        yield found


async def run(site: Site, *arguments: str) -> Result:
    given = ENVIRONMENT | {"INTERVIEW_URL": str(site.client.base_url)}
    with capture_logs():
        return await asyncio.to_thread(CliRunner().invoke, app, arguments, env=given)


async def test_an_auditors_walk(site: Site, tmp_path: Path) -> None:
    job_id = await site.job()
    assert (await run(site, "impact", job_id)).exit_code == 1
    asked = await run(site, "ask-groups", job_id, "sex")
    assert "Asked: sex" in asked.output
    made = tuple(Made(f"C{n}", "pass" if n % 2 else "fail", 50.0 + n) for n in range(12))
    ids = await seed(site.orchestrator, job_id, made)
    async with site.orchestrator._store.transaction() as db:
        for place, session_id in enumerate(ids.values()):
            groups = {"sex": "female" if place < 6 else "male"}
            db.add(GroupAnswerRow(session_id=session_id, job_id=job_id, groups=groups, given_at=datetime.now(UTC)))
    shown = (await run(site, "impact", job_id)).output
    assert "12 candidates with a result" in shown
    assert "3 of 6" in shown
    for ending, start in ((".json", b"{"), (".csv", b"\xef\xbb\xbf"), (".pdf", b"%PDF")):
        written = await run(site, "impact", job_id, "-o", str(tmp_path / f"impact{ending}"))
        assert written.exit_code == 0, written.output
        assert (tmp_path / f"impact{ending}").read_bytes().startswith(start)
    assert (await run(site, "impact", job_id, "-o", str(tmp_path / "impact.doc"))).exit_code == 1

    await decide(site, ids["C1"])
    data = tmp_path / "data.zip"
    exported = await run(site, "export", ids["C1"], "-o", str(data))
    assert exported.exit_code == 0, exported.output
    assert "manifest.json" in zipfile.ZipFile(data).namelist()

    reasons, chain = tmp_path / "reasons.json", tmp_path / "audit.jsonl"
    reasons.write_text((await run(site, "audit", "reasons", ids["C1"])).stdout)
    assert (await run(site, "audit", "export", str(chain))).exit_code == 0
    good = await run(site, "audit", "verify", str(chain), "--reasons", str(reasons))
    assert good.exit_code == 0, good.output
    changed = json.loads(reasons.read_text())
    changed["reasons"][0]["text"] = "{}"
    reasons.write_text(json.dumps(changed))
    bad = await run(site, "audit", "verify", str(chain), "--reasons", str(reasons))
    assert (bad.exit_code, "not what the chain has sealed" in bad.output) == (1, True)
