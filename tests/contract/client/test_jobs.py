"""Jobs and invitations by the client and the `interview` command, over the real orchestrator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from interview_client import AsyncInterviewClient, Candidate, InterviewError, JobQuestion
from interview_client.cli import app
from interview_client.models import JobOptions
from orchestrator.settings import DatabaseSettings
from tests.support.recruiting import Recruiting, orchestrator_over, recruiting


@pytest.fixture
async def gateway(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Recruiting]:
    orchestrator = orchestrator_over(database, tmp_path / "objects", monkeypatch)
    async with recruiting(orchestrator, tmp_path / "objects") as running:
        yield running
    await orchestrator.close()


async def test_a_job_and_its_invitations(gateway: Recruiting) -> None:
    async with AsyncInterviewClient(f"http://127.0.0.1:{gateway.port}") as client:
        closes = datetime.now(UTC) + timedelta(days=3)
        options = JobOptions(close_time=closes, audio_only=True, signals=["paste"])
        made = await client.make_job("Kasir", [JobQuestion(text="Why?", retakes=0, pauses=2)], "en", **options)
        assert (made.close_time, made.version, made.invitations.created) == (closes, 1, 0)
        assert (made.audio_only, made.signals, made.questions[0].pauses) == (True, ("paste",), 2)
        changed = await client.change_job(made.job_id, "Kasir", [JobQuestion(text="Apa?")], "id", sha256=made.sha256)
        assert (changed.language, changed.close_time) == ("id", None)
        with pytest.raises(InterviewError) as caught:
            await client.change_job(made.job_id, "Kasir", made.questions, "en", sha256=made.sha256)
        assert caught.value.reason == "JOB_CHANGED"
        copy = await client.copy_job(made.job_id, "Kasir 2")
        assert [job.title async for job in client.each_job(page_size=1)] == ["Kasir 2", "Kasir"]
        assert (await client.archive_job(copy.job_id)).archive_time is not None
        assert [job.title for job in (await client.jobs(archived=True)).jobs] == ["Kasir 2"]
        assert (await client.restore_job(copy.job_id)).archive_time is None
        checked = await client.check_candidates(made.job_id, "name\nSiti\n,\n")
        assert ([c.candidate_name for c in checked.candidates], checked.problems) == (["Siti"], ())
        people = [*checked.candidates, Candidate(candidate_name="Budi", email="budi@example.org")]
        siti, budi = await client.invite(made.job_id, people, datetime.now(UTC) + timedelta(days=1))
        assert "/candidate.html#" in (await client.invitation_link(made.job_id, siti.invitation_id)).url
        found = [(i.candidate_name, i.state) async for i in client.each_invitation(made.job_id, page_size=1)]
        assert found == [("Budi", "created"), ("Siti", "sent")]
        until = datetime.now(UTC) + timedelta(days=9)
        assert (await client.prolong_invitation(made.job_id, budi.invitation_id, until)).expire_time == until
        assert (await client.revoke_invitation(made.job_id, budi.invitation_id)).state == "revoked"
        with pytest.raises(InterviewError) as caught:
            await client.send_invitations(made.job_id, [siti.invitation_id])
        assert caught.value.reason == "MAIL_OFF"
        assert (await client.sessions(job_id=made.job_id)).sessions == ()
        assert (await client.job(made.job_id)).invitations.sent == 1


async def test_the_commands(gateway: Recruiting, tmp_path: Path) -> None:
    def ran(*words: str, code: int = 0) -> str:
        environment = {"INTERVIEW_URL": f"http://127.0.0.1:{gateway.port}", "COLUMNS": "200"}
        result = CliRunner().invoke(app, words, env=environment)
        assert result.exit_code == code, result.output
        return result.output

    def everything() -> None:
        assert "layanan_pelanggan" in ran("jobs", "templates")
        file = tmp_path / "job.json"
        file.write_text(ran("jobs", "template", "layanan_pelanggan"))
        job_id = ran("jobs", "make", str(file)).split()[-1]
        shown = json.loads(ran("jobs", "show", job_id))
        assert (shown["title"], len(shown["questions"])) == ("Layanan pelanggan", 3)
        file.write_text(json.dumps(shown | {"title": "Kasir"}))
        assert "version 1" in ran("jobs", "change", job_id, str(file))
        assert "Kasir (id)" in ran("jobs", "list")
        copied = ran("jobs", "copy", job_id, "Kasir 2").split()[-1]
        ran("jobs", "archive", copied)
        assert "Kasir 2" in ran("jobs", "list", "--archived")
        ran("jobs", "restore", copied)
        assert "/candidate.html#" in ran("invitations", "add", job_id, "Siti", "--email", "siti@example.org")
        people = tmp_path / "people.csv"
        people.write_text("nama,surel\nBudi,budi@example.org\nAni,siti@example.org\n")
        refused = ran("invitations", "import", job_id, str(people), code=1)
        assert "Line 3: This e-mail address was invited to this job before." in refused
        people.write_text("nama,surel\nBudi,budi@example.org\n")
        assert "nobody was invited" in ran("invitations", "import", job_id, str(people), "--check")
        assert "Invited 1" in ran("invitations", "import", job_id, str(people))
        listed = ran("invitations", "list", job_id, "--state", "created")
        assert ("Budi" in listed, "Siti" in listed) == (True, False)
        budi = next(word for word in listed.split() if len(word) == 32)
        assert "/candidate.html#" in ran("invitations", "link", job_id, budi)
        assert "Budi: until" in ran("invitations", "prolong", job_id, budi, "--days", "2")
        assert "sends no mail" in ran("invitations", "send", job_id, budi, code=1)
        assert "Budi: withdrawn" in ran("invitations", "revoke", job_id, budi)

    with capture_logs():  # the gateway of this process would write among what the commands print
        await asyncio.to_thread(everything)


async def test_a_team(gateway: Recruiting) -> None:
    added = await gateway.client.post("/v1/members", json={"email": "rina@example.org", "role": "reviewer"})
    url = f"http://127.0.0.1:{gateway.port}"
    async with AsyncInterviewClient(url) as client:
        made = await client.make_job("Kasir", [JobQuestion(text="Why?")], "en")
        assert await client.team(made.job_id) == ()
        [rina] = await client.set_team(made.job_id, ["Rina@example.org"])
        assert (rina.principal_id, rina.name) == (added.json()["member_id"], "rina@example.org")
        assert await client.team(made.job_id) == (rina,)

    async def said(*arguments: str) -> str:
        command = ["jobs", "team", made.job_id, *arguments, "--url", url]
        result = await asyncio.to_thread(CliRunner().invoke, app, command, env={"NO_COLOR": "1", "COLUMNS": "200"})
        return result.output

    assert "rina@example.org" in await said()
    assert "Everybody in the organisation." in await said("--everybody")
    assert "rina@example.org" in await said("--member", "rina@example.org")
    assert "no member or key" in await said("--member", "budi@example.org")
