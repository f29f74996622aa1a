"""A job's candidates by the client and the `interview` command, over the real orchestrator."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from interview_client import AsyncInterviewClient, JobQuestion
from interview_client.cli import app
from orchestrator.sessions.states import SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from orchestrator.similarity.comparison import Comparison
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.candidates import START, seed
from tests.support.copies import LEARNT, LEARNT_TOO, say
from tests.support.recorded import rated_result
from tests.support.recruiting import orchestrator_over, recruiting


@dataclass(frozen=True, slots=True)
class Hired:
    """Where the gateway is, a job with candidates, the ids of their sessions by name, and what stands behind it."""

    url: str
    job_id: str
    ids: dict[str, str]
    store: SessionStore
    media: MediaStore


@pytest.fixture
async def hired(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hired]:
    orchestrator = orchestrator_over(database, tmp_path / "objects", monkeypatch)
    async with recruiting(orchestrator, tmp_path / "objects") as running:
        url = f"http://127.0.0.1:{running.port}"
        async with AsyncInterviewClient(url) as client:
            job = await client.make_job("Kasir", [JobQuestion(text="Mengapa?")], "id")
        media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
        yield Hired(url, job.job_id, await seed(orchestrator, job.job_id), orchestrator._store, media)
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
        assert "82.5 (74.5–88.5)" in told
        assert ("Fajar" in told, "Budi" in told, hired.ids["Ani"] in told) == (True, False, True)
        assert "1 serious, 1 to review" in told
        open_ones = ran(hired, "candidates", "list", hired.job_id, "--decision", "open", "--proposal", "pass")
        assert ("Ani" in open_ones, "Fajar" in open_ones) == (True, False)

    with capture_logs():
        await asyncio.to_thread(everything)


async def test_side_by_side_as_a_command(hired: Hired) -> None:
    first, second = rated_result(), copy.deepcopy(rated_result())
    second["content"][1]["question"] = "What would you do differently?"
    for name, result in (("Ani", first), ("Budi", second)):
        written = await hired.media.write(
            f"results/{hired.ids[name]}.json", json.dumps(result | {"name": name}).encode()
        )
        state, kept = SessionState.COMPLETED, timedelta(days=1)
        await hired.store.publish(hired.ids[name], state, "Completed.", written, kept)

    def everything() -> None:
        told = ran(hired, "candidates", "compare", hired.ids["Ani"], hired.ids["Budi"])
        assert told.count("total 92 (81–97)") == 2
        assert told.count("please rate by hand") == 2
        assert told.count("was not asked this") == 2
        assert "What would you do" in told
        assert "Give 2 to 4 sessions." in ran(hired, "candidates", "compare", hired.ids["Ani"], code=2)
        ran(hired, "candidates", "compare", hired.ids["Ani"], hired.ids["Eka"], code=1)

    with capture_logs():
        await asyncio.to_thread(everything)


async def test_nearly_the_same_answer_by_client_and_command(hired: Hired) -> None:
    ani, budi = hired.ids["Ani"], hired.ids["Budi"]
    for session_id, said in ((ani, LEARNT), (budi, LEARNT_TOO)):
        written = await hired.media.write(f"results/{session_id}.json", b"{}")
        await hired.store.publish(session_id, SessionState.COMPLETED, "Completed.", written, timedelta(days=1))
        await say(hired.media, session_id, said)
        await Comparison(hired.store, hired.media).compare(session_id)
    async with AsyncInterviewClient(hired.url) as client:
        [pair] = await client.similar_answers(ani)
        assert (pair.other.candidate_name, pair.other.session_id, pair.severity) == ("Budi", budi, "info")
        assert (pair.answer_index, pair.quote in LEARNT, pair.other.quote in LEARNT_TOO) == (0, True, True)

    def everything() -> None:
        told = ran(hired, "candidates", "similar", budi)
        assert ("Ani" in told, ani in told, "For information" in told) == (True, True, True)
        assert "None is nearly" in ran(hired, "candidates", "similar", hired.ids["Fajar"])

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
