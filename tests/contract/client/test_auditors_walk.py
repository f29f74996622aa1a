"""An auditor's walk as docs/auditor.md has it, against the real gateway and orchestrator: its commands are read from
the page, run, and print what the page says; what somebody does to the database is found in the words of the page.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
import shlex
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from interview_client.cli import app
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.audit.chain.signing import Signer, open_signer
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import json_value
from orchestrator.impact.tables import GroupAnswerRow
from orchestrator.settings import AuditSettings, DatabaseSettings
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.contract.gateway.test_personal_data import decide
from tests.support import evidence as made
from tests.support.candidates import Made, seed
from tests.support.hiring import Site, site_over
from tests.support.signing import signer
from tests.support.tampering import TAMPERED, kept, restore

PAGE = Path(__file__).resolve().parents[3] / "docs" / "auditor.md"
README = PAGE.parents[1] / "README.md"
ENVIRONMENT = {"COLUMNS": "250", "NO_COLOR": "1", "FORCE_COLOR": None}
ID, GONE = f"{2:032x}", f"{1:032x}"
PEOPLE = tuple(Made(f"C{n}", "pass" if n % 2 else "fail", 50.0 + n) for n in range(14))


class Walk:
    """Runs the page's commands in a folder; `words` stand for what its capitals mean."""

    def __init__(self, site: Site, folder: Path, job_id: str) -> None:
        self.site, self.folder, self.words = site, folder, {"JOB": job_id, "ID": ID, "GONE": GONE}

    def filled(self, text: str) -> str:
        return re.sub(r"\b(JOB|ID|GONE|KEY)\b", lambda found: self.words[found[0]], text)

    def says(self, text: str) -> str:
        """What the page says is printed, as a pattern."""
        return re.escape(self.filled(text)).replace("…", ".+").replace("N", r"[\w:.+-]+")

    async def run(self, command: str) -> Result:
        line, _, target = self.filled(command).partition(" > ")
        name, *arguments = shlex.split(line)
        assert name == "interview", command
        given = ENVIRONMENT | {"INTERVIEW_URL": str(self.site.client.base_url)}
        with capture_logs():
            done = await asyncio.to_thread(CliRunner().invoke, app, arguments, env=given)
        if target:
            (self.folder / target.strip()).write_text(done.stdout)
        return done


def steps() -> Iterator[tuple[str, str]]:
    """The commands of the page, each with what it says."""
    for block in re.findall(r"```\n(.*?)```", PAGE.read_text(), re.DOTALL):
        for line in block.splitlines():
            command, _, said = line.partition(" # ")
            yield command.strip(), said.strip()


def tampering() -> Iterator[list[str]]:
    """What somebody did, the command, and what it says."""
    rows = re.findall(r"^\| (.+) \| `(interview .+)` \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    return (list(row) for row in rows)


async def publish(site: Site, folder: Path, session_id: str, job_id: str, *answers: Any) -> None:
    """A session that was assessed under the policy `eu`."""
    session = made.session(*answers, session_id=session_id, policy=made.POLICIES["eu"])
    result = json_value(session_result(session, made.summary(), datetime.now(UTC)))
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(folder / "objects")))
    written = await media.write(f"results/{session_id}.json", json.dumps(result).encode())
    person = (Made("Siti", "pass", 80.0),)
    await seed(site.orchestrator, job_id, person, int(session_id, 16), result=dataclasses.asdict(written))


def spared() -> Any:
    """An answer of which voices and the face were left alone."""
    return made.answer(audio=replace(made.audio(), turns=(), speakers=(), speaker_count=0))


@pytest.fixture
async def walk(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Walk]:
    async with site_over(database, tmp_path, monkeypatch) as site:
        job_id = await site.job()
        await site.client.put(f"/v1/jobs/{job_id}/group-questions", json={"characteristics": [{"name": "sex"}]})
        ids = await seed(site.orchestrator, job_id, PEOPLE, first=10)
        async with site.orchestrator._store.transaction() as db:
            for place, session_id in enumerate(ids.values()):
                groups, at = {"sex": "female" if place < 7 else "male"}, datetime.now(UTC)
                db.add(GroupAnswerRow(session_id=session_id, job_id=job_id, groups=groups, given_at=at))
        for session_id in (ID, GONE):
            await publish(site, tmp_path, session_id, job_id, spared())
        await decide(site, ID)
        receipts = Receipts(site.orchestrator._store)
        await receipts.expect(GONE, [f"results/{GONE}.json"])
        await receipts.delete(GONE, system())
        monkeypatch.chdir(tmp_path)
        yield Walk(site, tmp_path, job_id)


def system() -> Signer:
    return open_signer(AuditSettings())


async def test_an_auditor_walks_and_finds_what_was_tampered_with(walk: Walk) -> None:
    assert "(docs/auditor.md)" in README.read_text()
    for command, said in steps():
        done = await walk.run(command)
        assert done.exit_code == 0, (command, done.output)
        if command.endswith("> head.json"):
            walk.words["KEY"] = json.loads(done.stdout)["public_key"]
        assert re.search(walk.says(said), done.output.replace("\n", " ")), (command, said, done.output)
    assert len(list(steps())) == 12
    db = walk.site.orchestrator._store
    for what, command, said in tampering():
        before = await kept(db)
        await TAMPERED[what](db, system(), signer())
        for again in ("interview audit export audit.jsonl", f"interview receipt {GONE} > receipt.json"):
            assert (await walk.run(again)).exit_code == 0
        done = await walk.run(command)
        assert (done.exit_code, bool(re.search(walk.says(said), done.output))) == (1, True), (what, done.output)
        assert len(done.output.strip().splitlines()) == 1, "one fault, and nobody else is accused"
        await restore(db, before)
    assert [what for what, _, _ in tampering()] == list(TAMPERED)


async def test_what_was_computed_against_the_policy_is_named(walk: Walk, tmp_path: Path) -> None:
    other = f"{3:032x}"
    await publish(walk.site, tmp_path, other, walk.words["JOB"], spared(), made.answer(index=1))
    done = await walk.run(f"interview audit measured {other}")
    assert (done.exit_code, "Answer 2: voices were counted." in done.output) == (1, True), done.output
    assert "Answer 1: voices" not in done.output
    assert "Not checked" not in done.output


async def test_a_receipt_without_a_deletion_in_the_chain_is_found(walk: Walk, tmp_path: Path) -> None:
    made_up = system().signed({"kind": "deletion-receipt", "session_id": "f" * 32, "deleted_at": "2026-01-31"})
    (tmp_path / "made-up.json").write_text(made_up)
    await walk.run("interview audit export audit.jsonl")
    alone = await walk.run("interview verify made-up.json")
    assert alone.exit_code == 0
    assert "Not checked: whether the chain has this receipt" in alone.output
    done = await walk.run("interview verify made-up.json --chain audit.jsonl")
    assert (done.exit_code, "has no deletion of session" in done.output) == (1, True), done.output
