"""Submissions that are sent again: only under a key, only when the connection was lost, and started once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from interview_client import AsyncInterviewClient, InterviewClient, InterviewError, NewAnswer, UrlAnswer
from tests.support.gateway import RunningGateway, running_gateway

URLS = [UrlAnswer("https://example.org/a.mp4", "Why?")]


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "store") as running:
        yield running


class BreakingNetwork:
    """A way to the gateway that closes its first connections: before a request arrived, or before its answer came."""

    def __init__(self, port: int, breaks: int, *, after_it_arrived: bool) -> None:
        self._port, self.breaks, self._after = port, breaks, after_it_arrived
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.breaks:
            self.breaks -= 1
            if self._after:
                await self._swallow(reader)
            writer.close()
            return
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self._port)
        await asyncio.gather(_pipe(reader, onward_writer), _pipe(onward_reader, writer))

    async def _swallow(self, reader: asyncio.StreamReader) -> None:
        """Hand the request on, and lose the answer once it is there."""
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self._port)
        handing = asyncio.create_task(_pipe(reader, onward_writer))
        await onward_reader.readline()
        handing.cancel()
        onward_writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def network(port: int, breaks: int, *, after_it_arrived: bool) -> AsyncIterator[tuple[BreakingNetwork, str]]:
    broken = BreakingNetwork(port, breaks, after_it_arrived=after_it_arrived)
    server = await asyncio.start_server(broken.serve, "127.0.0.1", 0)
    yield broken, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


def recording(folder: Path) -> list[NewAnswer]:
    (folder / "a.mp4").write_bytes(b"recording" * 50_000)
    return [NewAnswer(folder / "a.mp4", "Why?")]


@pytest.mark.parametrize("after_it_arrived", [False, True])
async def test_an_upload_under_a_key_survives_lost_connections(
    gateway: RunningGateway, tmp_path: Path, after_it_arrived: bool
) -> None:
    answers = recording(tmp_path)
    async with (
        network(gateway.port, 2, after_it_arrived=after_it_arrived) as (broken, url),
        AsyncInterviewClient(url, retry_pauses_s=(0.01, 0.01)) as client,
    ):
        session_id = await client.submit("Siti", answers, "id", idempotency_key="application 7")
    assert broken.connections == 3
    assert {created.session_id for created in gateway.orchestrator.created} == {session_id}
    assert len(gateway.orchestrator.sessions) == 1


async def test_without_a_key_nothing_is_sent_twice(gateway: RunningGateway, tmp_path: Path) -> None:
    answers = recording(tmp_path)
    async with (
        network(gateway.port, 1, after_it_arrived=False) as (broken, url),
        AsyncInterviewClient(url, retry_pauses_s=(0.01,)) as client,
    ):
        with pytest.raises(InterviewError) as caught:
            await client.submit("Siti", answers, "id")
    assert (caught.value.connection_lost, broken.connections) == (True, 1)
    assert gateway.orchestrator.created == []


async def test_tries_end_and_a_refusal_is_final(gateway: RunningGateway, tmp_path: Path) -> None:
    async with (
        network(gateway.port, 9, after_it_arrived=False) as (broken, url),
        AsyncInterviewClient(url, retry_pauses_s=(0.01, 0.01)) as client,
    ):
        with pytest.raises(InterviewError):
            await client.submit_urls("Siti", URLS, "id", idempotency_key="k")
        assert broken.connections == 3
        broken.breaks = 0
        with pytest.raises(InterviewError, match="Missing candidate name"):
            await client.submit_urls(" ", URLS, "id", idempotency_key="k")
    assert broken.connections == 4


async def test_the_blocking_client_sends_urls_again_with_everything_about_them(gateway: RunningGateway) -> None:
    async with network(gateway.port, 1, after_it_arrived=False) as (_, url):

        def submitted() -> str:
            with InterviewClient(url, retry_pauses_s=(0.01,)) as client:
                return client.submit_urls(
                    "Siti", URLS, "id", policy="eu", rubric="software", consent_reference="C-1", project_score=80,
                    webhook_url="https://hr.example/told", idempotency_key="k",
                )  # fmt: skip

        session_id = await asyncio.to_thread(submitted)
    [created] = gateway.orchestrator.created
    assert created.session_id == session_id
    assert (created.policy, created.rubric, created.consent_reference) == ("eu", "software", "C-1")
    assert (created.project_score, created.webhook_url) == (80, "https://hr.example/told")
