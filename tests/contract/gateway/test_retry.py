"""Running an answer again, over REST, by the client and by the command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from interview_client import AsyncInterviewClient
from tests.contract.client.test_commands import run
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import reason

ID = "c" * 32


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects") as running:
        answers = [pb.Answer(index=0), pb.Answer(index=1, retryable=True)]
        running.orchestrator.put(pb.Session(session_id=ID, state=pb.SESSION_STATE_COMPLETED, answers=answers))
        yield running


async def test_an_answer_is_run_again(gateway: RunningGateway) -> None:
    shown = (await gateway.client.get(f"/v1/sessions/{ID}")).json()
    assert [answer["retryable"] for answer in shown["answers"]] == [False, True]
    again = await gateway.client.post(f"/v1/sessions/{ID}/answers/1/retry")
    assert (again.status_code, again.json()["state"]) == (202, "pending")


async def test_what_cannot_be_run_again_is_refused_with_its_reason(gateway: RunningGateway) -> None:
    for path, code, why in (
        (f"{ID}/answers/0", 400, "NOTHING_TO_RETRY"),
        (f"{ID}/answers/7", 404, "ANSWER_NOT_FOUND"),
        (f"{'d' * 32}/answers/0", 404, "SESSION_NOT_FOUND"),
    ):
        answer = await gateway.client.post(f"/v1/sessions/{path}/retry")
        assert (answer.status_code, reason(answer)) == (code, why)


async def test_the_client_does_it(gateway: RunningGateway) -> None:
    async with AsyncInterviewClient(gateway.url) as client:
        assert (await client.session(ID)).answers[1].retryable
        assert (await client.retry(ID, 1)).state == "pending"


async def test_the_command_counts_from_one(gateway: RunningGateway) -> None:
    ran = await run(gateway, "retry", ID, "2")
    assert ran.exit_code == 0, ran.output
    assert "is pending" in ran.output
    assert (await run(gateway, "retry", ID, "1")).exit_code != 0
