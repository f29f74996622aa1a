"""What the client reads and writes besides submitting and watching, against the real gateway."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from interview_client import AsyncInterviewClient, InterviewClient, InterviewError, Override
from tests.contract.gateway.test_answers import publish
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.recorded import ID, RECORDED, RESULT
from tests.support.rest import rest_server


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "store") as running:
        yield running


@pytest.fixture
async def client(gateway: RunningGateway) -> AsyncIterator[AsyncInterviewClient]:
    async with AsyncInterviewClient(f"http://127.0.0.1:{gateway.port}") as client:
        yield client


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


def named(gateway: RunningGateway, *names: str) -> None:
    for number, name in enumerate(names):
        state = pb.SESSION_STATE_FAILED if name.startswith("Sita") else pb.SESSION_STATE_RUNNING
        gateway.orchestrator.put(pb.Session(session_id=f"{number:032x}", candidate_name=name, state=state))


async def test_every_session_that_fits_page_after_page(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    named(gateway, "Siti", "Budi", "Sita 1", "Sita 2", "Sita 3")
    every = [session.candidate_name async for session in client.each_session(page_size=2)]
    assert every == ["Sita 3", "Sita 2", "Sita 1", "Budi", "Siti"]
    found = [s.candidate_name async for s in client.each_session(page_size=1, q="sit", state="failed")]
    assert found == ["Sita 3", "Sita 2", "Sita 1"]
    assert [s.candidate_name for s in (await client.sessions(q="bud")).sessions] == ["Budi"]
    with pytest.raises(InterviewError) as caught:
        await client.sessions(review_state="asleep")
    assert caught.value.reason == "FIELD_INVALID"


async def test_answers_and_findings(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    await publish(gateway)
    answers = await client.answers(ID)
    assert [a.state for a in answers] == ["completed", "completed", "failed"]
    assert answers[0].result is not None
    assert answers[0].result["penilaian"] == RESULT["content"][0]["result"]["penilaian"]
    assert await client.answer(ID, 1) == answers[1]
    [first] = [f for f in await client.findings(ID, type="looking_away") if f.answer_index == 0]
    assert (first.severity, first.start_s, first.end_s) == ("info", 13.36, 15.88)
    assert first.innocent_explanation
    assert await client.findings(ID, severity="serious") == ()
    with pytest.raises(InterviewError, match="no such answer"):
        await client.answer(ID, 7)


async def test_files_are_whole_or_not_there(
    gateway: RunningGateway, client: AsyncInterviewClient, tmp_path: Path
) -> None:
    await publish(gateway)
    await client.save_sessions(tmp_path / "sessions.csv", state="completed")
    [row] = csv.DictReader((tmp_path / "sessions.csv").read_text("utf-8-sig").splitlines())
    assert (row["session_id"], row["proposal"]) == (ID, "pass")
    await client.save_report(ID, tmp_path / "out.pdf", language="id")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")
    with pytest.raises(InterviewError, match="no session with this id"):
        await client.save_report("f" * 32, tmp_path / "none.pdf")
    with pytest.raises(InterviewError, match=r"Cannot write .*no/such: No such file"):
        await client.save_sessions(tmp_path / "no" / "such")
    assert sorted(file.name for file in files_in(tmp_path)) == ["out.pdf", "sessions.csv"]


async def test_transcripts_and_artefacts(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    await publish(gateway)
    assert (await client.transcript(ID, 0, "vtt")).startswith("WEBVTT")
    assert "payment service" in await client.transcript(ID, 0)
    assert await client.artefact(ID, "0/stills/4.jpg") == (RECORDED / "0/stills/4.jpg").read_bytes()
    with pytest.raises(InterviewError) as caught:
        await client.artefact(ID, "0/voice.json")
    assert caught.value.reason == "ARTEFACT_NOT_FOUND"


async def test_a_decision_from_evidence_to_objection(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    await publish(gateway)
    assert (await client.evidence(ID, 0, "Rina"))["result"] == RESULT["content"][0]["result"]
    dismissed = Override(answer_index=0, kind="finding_dismissed", target="looking_away@13.36", reason="Thinking.")
    decided = await client.review(ID, "pass", "Clear.", "Rina", [dismissed])
    assert decided.review is not None
    assert (decided.review_state, decided.review.decision, decided.review.overrides) == (
        "decided",
        "pass",
        (dismissed,),
    )
    assert (await client.contest(ID, "Siti", "Too loud a street.")).objection == "Too loud a street."
    audit = await client.audit(ID)
    assert [(e.actor, e.action, e.answer_index) for e in audit.entries] == [("Rina", "evidence_opened", 0)]
    assert audit.reviews[0].reviewer == "Rina"


async def test_choices_links_and_who_one_is(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    [policy] = await client.policies()
    [rubric] = await client.rubrics()
    assert (policy.name, policy.requires_consent) == ("eu", True)
    assert (rubric.role, rubric.criteria[0].weight) == ("software developer", 0.6667)
    link = await client.make_link("Siti", ["Why?", "Mengapa?"], "id", policy="eu", expires_hours=2)
    assert "/candidate.html#" in link.url
    opened = await gateway.client.get(
        "/v1/upload-link", headers={"Authorization": f"Bearer {link.url.partition('#')[2]}"}
    )
    assert [asked["text"] for asked in opened.json()["questions"]] == ["Why?", "Mengapa?"]
    assert (await client.me()).sign_in is False


async def test_blocking_client_reads_and_saves(gateway: RunningGateway, tmp_path: Path) -> None:
    await publish(gateway)

    def everything() -> tuple[int, int, bytes]:
        with InterviewClient(f"http://127.0.0.1:{gateway.port}") as client:
            client.save_sessions(tmp_path / "sessions.csv")
            with pytest.raises(InterviewError, match="no session with this id"):
                client.save_report("f" * 32, tmp_path / "none.pdf")
            return len(list(client.each_session())), len(client.answers(ID)), client.artefact(ID, "0/timeline.json")

    sessions, answers, timeline = await asyncio.to_thread(everything)
    assert (sessions, answers) == (1, 3)
    assert json.loads(timeline)
    assert (tmp_path / "sessions.csv").read_text("utf-8-sig").startswith("session_id,")


class ElsewhereStored:
    """A gateway that says where a file is instead of sending it, and the store that gives it out."""

    def __init__(self) -> None:
        self.store_url, self.authorizations = "", list[str | None]()

    def app(self) -> Starlette:
        async def moved(_: Request) -> Response:
            return RedirectResponse(f"{self.store_url}/signed", 307)

        async def given_out(request: Request) -> Response:
            self.authorizations.append(request.headers.get("authorization"))
            return Response(b"jpeg")

        path = "/v1/sessions/{session_id}/artefacts/{name:path}"
        return Starlette(routes=[Route(path, moved), Route("/signed", given_out)])


async def test_a_file_that_the_store_gives_out_itself_is_fetched_there_without_the_key() -> None:
    gateway, store = ElsewhereStored(), ElsewhereStored()
    with rest_server(gateway) as url, rest_server(store) as gateway.store_url:
        async with AsyncInterviewClient(url, api_key="ias_secret") as client:
            assert await client.artefact(ID, "0/stills/4.jpg") == b"jpeg"
    assert store.authorizations == [None]
