"""A job's candidates by the client and the `interview` command, over the real orchestrator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from interview_client import AsyncInterviewClient, JobQuestion
from interview_client.cli import app
from orchestrator.settings import DatabaseSettings
from tests.support.candidates import START, seed
from tests.support.recruiting import orchestrator_over, recruiting


@dataclass(frozen=True, slots=True)
class Hired:
    """Where the gateway is, a job with candidates, and the ids of their sessions by name."""

    url: str
    job_id: str
    ids: dict[str, str]


@pytest.fixture
async def hired(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hired]:
    orchestrator = orchestrator_over(database, tmp_path / "objects", monkeypatch)
    async with recruiting(orchestrator, tmp_path / "objects") as running:
        url = f"http://127.0.0.1:{running.port}"
        async with AsyncInterviewClient(url) as client:
            job = await client.make_job("Kasir", [JobQuestion(text="Mengapa?")], "id")
        yield Hired(url, job.job_id, await seed(orchestrator, job.job_id))
    await orchestrator.close()


def ran(hired: Hired, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, words, env={"INTERVIEW_URL": hired.url, "COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


async def test_candidates_page_after_page(hired: Hired) -> None:
    async with AsyncInterviewClient(hired.url) as client:
        best = [c async for c in client.each_candidate(hired.job_id, 1, order="total", descending=True)]
        assert [c.candidate_name for c in best] == ["Fajar", "Ani", "Budi", "Citra", "Eka", "Dewi"]
        assert (best[1].total_low, best[1].findings and best[1].findings.info, best[4].findings) == (74.5, 1, None)
        page = await client.candidates(hired.job_id, least_total=0.0, created_after=START, descending=False)
        assert (page.fitting, page.totals.not_scored, sum(page.totals.steps)) == (4, 0, 4)
        assert [c.candidate_name for c in page.candidates] == ["Ani", "Budi", "Citra", "Fajar"]


async def test_the_list_as_a_command(hired: Hired) -> None:
    def everything() -> None:
        told = ran(hired, "candidates", "list", hired.job_id, "--order", "total", "--limit", "2")
        assert "82 (74–88)" in told or "82 (74–89)" in told
        assert ("Fajar" in told, "Budi" in told, hired.ids["Ani"] in told) == (True, False, True)
        assert "1 serious, 1 to review" in told
        open_ones = ran(hired, "candidates", "list", hired.job_id, "--decision", "open", "--proposal", "pass")
        assert ("Ani" in open_ones, "Fajar" in open_ones) == (True, False)

    with capture_logs():
        await asyncio.to_thread(everything)


async def test_notes_by_the_client(hired: Hired) -> None:
    async with AsyncInterviewClient(hired.url) as client:
        ani = hired.ids["Ani"]
        assert (await client.set_shortlisted(ani, True, "Rina")).shortlist_time is not None
        assert [c.candidate_name async for c in client.each_candidate(hired.job_id, shortlisted=True)] == ["Ani"]
        made = await client.add_comment(ani, "Good examples.", "Rina")
        assert [(c.author, c.text) for c in await client.comments(ani)] == [("Rina", "Good examples.")]
        await client.delete_comment(ani, made.comment_id, "Rina")
        assert await client.comments(ani) == ()
        assert (await client.set_shortlisted(ani, False, "Rina")).shortlist_time is None


async def test_notes_as_commands(hired: Hired) -> None:
    def everything() -> None:
        ani, by = hired.ids["Ani"], ("--reviewer", "Rina")
        assert "Ani is on the shortlist." in ran(hired, "candidates", "shortlist", ani, *by)
        assert "* Ani" in ran(hired, "candidates", "list", hired.job_id, "--shortlisted")
        assert "Ani is not on the shortlist." in ran(hired, "candidates", "shortlist", ani, "--off", *by)
        made = ran(hired, "candidates", "comment", ani, "Good examples.", *by).split()[-1]
        assert f"Rina ({made}): Good examples." in ran(hired, "candidates", "comments", ani)
        ran(hired, "candidates", "delete-comment", ani, made, *by)
        assert ran(hired, "candidates", "comments", ani) == ""
        assert "Give your name" in ran(hired, "candidates", "comment", ani, "Good.", code=2)

    with capture_logs():
        await asyncio.to_thread(everything)
