"""What a session can choose."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from orchestrator.policies import policy
from orchestrator.policies.choices import Choices
from servicekit.errors import ServiceError
from servicekit.server import Server
from servicekit.settings import TlsSettings
from services.judge.panel import Panel
from services.judge.rules import Rules
from services.judge.servicer import Servicer
from services.judge.settings import Settings
from tests.support.rest import closed_port


class Settled:
    """An organisation that has settled a policy."""

    async def policy(self) -> str:
        return "eu"


@pytest_asyncio.fixture
async def choices() -> AsyncIterator[Choices]:
    settings = Settings(port=0)
    server = Server(Servicer(Panel([Rules()], [], settings)), settings)
    await server.start()
    await server.load()
    made = Choices(policy.load(), Settled(), f"127.0.0.1:{server.port}", TlsSettings())
    yield made
    await made.close()
    await server.stop(drain_timeout_s=0)


async def test_policies_and_rubrics(choices: Choices) -> None:
    assert {p.name: p.is_default for p in await choices.policies()} == {
        "blind": False,
        "default": False,
        "eu": True,
        "original": False,
        "playback": False,
    }
    assert [r.name for r in await choices.rubrics()] == ["customer_service", "default", "software"]


async def test_only_rubrics_that_exist(choices: Choices) -> None:
    await choices.check_rubric("")
    await choices.check_rubric("software")
    with pytest.raises(ServiceError, match="must be one of customer_service, default, software"):
        await choices.check_rubric("astrology")


async def test_a_judge_that_is_away() -> None:
    with closed_port() as port:
        away = Choices(policy.load(), Settled(), f"127.0.0.1:{port}", TlsSettings())
        with pytest.raises(ServiceError) as caught:
            await away.rubrics()
        await away.close()
    assert caught.value.reason == "UPSTREAM_DOWN"
