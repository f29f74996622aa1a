"""The client against the real gateway."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from interview_client import AsyncInterviewClient, InterviewClient, InterviewError, NewAnswer, UrlAnswer
from servicekit.wire import media_message
from tests.support.gateway import RunningGateway, running_gateway

SESSION_ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "store") as running:
        yield running


@pytest.fixture
async def client(gateway: RunningGateway) -> AsyncIterator[AsyncInterviewClient]:
    async with AsyncInterviewClient(_url(gateway), poll_interval_s=0.05) as client:
        yield client


def _url(gateway: RunningGateway) -> str:
    return f"http://127.0.0.1:{gateway.port}"


def _session(state: pb.SessionState.ValueType, stage: pb.StageState.ValueType) -> pb.Session:
    started, ended = Timestamp(seconds=10), Timestamp(seconds=12, nanos=500_000_000)
    transcribe = pb.Stage(name="transcribe", state=stage, fraction=0.4, start_time=started)
    if stage == pb.STAGE_STATE_COMPLETED:
        transcribe.end_time.CopyFrom(ended)
    done = state == pb.SESSION_STATE_COMPLETED
    answer = pb.Answer(question="Why?", state=pb.ANSWER_STATE_COMPLETED if done else pb.ANSWER_STATE_RUNNING)
    answer.stages.append(transcribe)
    return pb.Session(session_id=SESSION_ID, candidate_name="Siti Rahma", state=state, answers=[answer])


RUNNING = _session(pb.SESSION_STATE_RUNNING, pb.STAGE_STATE_RUNNING)
COMPLETED = _session(pb.SESSION_STATE_COMPLETED, pb.STAGE_STATE_COMPLETED)


def _answers(folder: Path) -> list[NewAnswer]:
    (folder / "a.mp4").write_bytes(b"first recording" * 10_000)
    (folder / "b ñ.webm").write_bytes(b"")
    return [
        NewAnswer(folder / "a.mp4", "[1] Why\nus?", reference="Because."),
        NewAnswer(folder / "b ñ.webm", "Apa tantangannya?", language="id"),
    ]


async def test_submitted_files_arrive_with_everything_about_them(
    gateway: RunningGateway, client: AsyncInterviewClient, tmp_path: Path
) -> None:
    sent: list[tuple[int, int]] = []
    session_id = await client.submit(
        "Siti Rahma",
        _answers(tmp_path),
        "en",
        lambda done, total: sent.append((done, total)),
        consent_reference="C-17",
        project_score=81.5,
    )
    [created] = gateway.orchestrator.created
    assert created.session_id == session_id
    assert (created.candidate_name, created.language_code) == ("Siti Rahma", "en")
    assert (created.consent_reference, created.project_score) == ("C-17", 81.5)
    assert [answer.question for answer in created.answers] == ["[1] Why\nus?", "Apa tantangannya?"]
    assert [answer.language_code for answer in created.answers] == ["", "id"]
    assert [answer.reference for answer in created.answers] == ["Because.", ""]
    assert [answer.file_name for answer in created.answers] == ["a.mp4", "b ñ.webm"]
    assert await gateway.store.read(created.answers[0].media.uri) == b"first recording" * 10_000
    assert [done for done, _ in sent] == sorted(done for done, _ in sent)
    assert sent[-1][0] == sent[-1][1]


async def test_one_question_that_looks_like_json_stays_one_question(
    gateway: RunningGateway, client: AsyncInterviewClient, tmp_path: Path
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")
    await client.submit("Siti Rahma", [NewAnswer(tmp_path / "a.mp4", '["a", "b"] — which?')], "en")
    assert [answer.question for answer in gateway.orchestrator.created[0].answers] == ['["a", "b"] — which?']


async def test_blocking_client_submits_watches_and_deletes(gateway: RunningGateway, tmp_path: Path) -> None:
    def use() -> list[str]:
        with InterviewClient(_url(gateway)) as client:
            session_id = client.submit("Siti Rahma", _answers(tmp_path), "id")
            client.cancel(session_id)
            seen = [status.error for status in client.watch(session_id)]
            return [*seen, str(client.delete(session_id)), str(len(client.sessions().sessions))]

    assert await asyncio.to_thread(use) == ["Cancelled.", "3", "0"]


async def test_urls_are_submitted_with_positions_and_languages(
    gateway: RunningGateway, client: AsyncInterviewClient
) -> None:
    answers = [UrlAnswer("https://example.org/a.mp4", "Why?"), UrlAnswer("https://example.org/b", "Apa?", "", "id", 7)]
    session_id = await client.submit_urls("Siti Rahma", answers, "en")
    [created] = gateway.orchestrator.created
    assert created.session_id == session_id
    assert [answer.url for answer in created.answers] == ["https://example.org/a.mp4", "https://example.org/b"]
    assert [answer.position_id for answer in created.answers] == [1, 7]
    assert [answer.language_code for answer in created.answers] == ["", "id"]


async def test_watch_tells_every_change_until_the_end(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    gateway.orchestrator.put(RUNNING)
    seen = []
    async for status in client.watch(SESSION_ID):
        seen.append(status)
        gateway.orchestrator.put(COMPLETED)
    assert [status.status for status in seen] == ["processing", "completed"]
    assert seen[0].videos[0].stages[0].fraction == 0.4
    assert seen[1].videos[0].stages[0].seconds == 2.5
    assert seen[1].result is not None
    assert seen[1].result.successful_videos == 1


async def test_status_and_session_tell_the_same(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    gateway.orchestrator.put(RUNNING)
    status, session = await client.status(SESSION_ID), await client.session(SESSION_ID)
    assert (status.ended, session.state, session.candidate_name) == (False, "running", "Siti Rahma")
    assert status.videos == session.answers


async def test_sessions_come_in_pages(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    for digit in "abc":
        gateway.orchestrator.put(pb.Session(session_id=digit * 32))
    first = await client.sessions(page_size=2)
    second = await client.sessions(page_size=2, page_token=first.next_page_token)
    assert [s.session_id[0] for s in (*first.sessions, *second.sessions)] == ["c", "b", "a"]
    assert second.next_page_token == ""


async def test_results_are_there_once_they_are_published(gateway: RunningGateway, client: AsyncInterviewClient) -> None:
    gateway.orchestrator.put(RUNNING)
    with pytest.raises(InterviewError, match="Results not found") as caught:
        await client.results(SESSION_ID)
    assert caught.value.status == 404

    async def content() -> AsyncIterator[bytes]:
        yield json.dumps({"success": True, "name": "Siti Rahma"}).encode()

    stored = await gateway.store.write(f"results/{SESSION_ID}.json", content())
    published = pb.Session()
    published.CopyFrom(COMPLETED)
    published.result.CopyFrom(media_message(stored))
    gateway.orchestrator.put(published)
    assert await client.results(SESSION_ID) == {"success": True, "name": "Siti Rahma"}


async def test_errors_are_in_the_servers_words(client: AsyncInterviewClient, tmp_path: Path) -> None:
    for call in (client.status, client.session, client.cancel, client.delete):
        with pytest.raises(InterviewError, match=r"(?i)session") as caught:
            await call("f" * 32)
        assert caught.value.status == 404
    with pytest.raises(InterviewError, match="Missing candidate name") as caught:
        await client.submit(" ", _answers(tmp_path), "en")
    assert caught.value.status == 400
    for wrong_id, words in (("not an id", "Session not found"), ("../healthz", "Not Found")):
        with pytest.raises(InterviewError, match=words) as caught:
            async for _ in client.watch(wrong_id):
                pass
        assert caught.value.status == 404
