"""A gateway over the real orchestrator, whose workflow engine takes everything and does nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from interview.judge.v1 import judge_service_pb2 as judge_pb

from gateway.app import create_app
from gateway.orchestrator import Sessions
from gateway.settings import GatewaySettings
from gateway.vault.orchestrator import Vault
from orchestrator import api
from orchestrator.api import Orchestrator
from orchestrator.policies.choices import Choices
from orchestrator.settings import ApiSettings, DatabaseSettings
from servicekit.media import MediaStore
from servicekit.settings import ServerSettings
from tests.support.gateway import serving
from tests.support.rest import closed_port
from tests.support.serving import served


class NoEngine:
    """A workflow engine that takes everything and does nothing."""

    def __init__(self, settings: ApiSettings) -> None:
        pass

    async def load(self) -> None:
        return

    async def erase(self, session_id: str) -> int:
        return 0

    def __getattr__(self, name: str) -> Any:
        async def taken(*_: object) -> None:
            """Started, stopped: nothing follows."""

        return taken


class KnownRubrics(Choices):
    """Rubrics without a judge."""

    async def rubrics(self) -> list[judge_pb.Rubric]:
        names = ("customer_service", "default", "software")
        criteria = [judge_pb.RubricCriterion(name=name) for name in ("quality", "coherence", "relevance")]
        return [
            judge_pb.Rubric(name=name, role=name, is_default=name == "default", criteria=criteria) for name in names
        ]


@dataclass(frozen=True, slots=True)
class Recruiting:
    """A gateway that answers at `port`, and a client of it."""

    port: int
    client: httpx.AsyncClient
    vault: Vault


def orchestrator_over(
    database: DatabaseSettings, objects: Path, monkeypatch: Any, encryption: bool = False, apart: bool = False
) -> Orchestrator:
    """The real orchestrator over a database that is migrated, without an engine and without a judge. Without
    `encryption`, so that tests can write results without keys.

    Unless it is kept `apart` from tests, they may use its stores themselves, for everybody. Its calls are for one
    organisation all the same.
    """
    monkeypatch.setattr(api, "WorkflowControl", NoEngine)
    monkeypatch.setattr(api, "Choices", KnownRubrics)
    if not apart:
        monkeypatch.setattr(api, "apart", lambda engine: engine)
    monkeypatch.setenv("INTERVIEW_AUDIT_KEY_FILE", str(objects.parent / "audit.key"))
    monkeypatch.setenv("INTERVIEW_ENCRYPTION", str(encryption))
    files = {"object_store": str(objects), "database_url": database.database_url.get_secret_value()}
    return Orchestrator(ApiSettings(judge_target=f"127.0.0.1:{closed_port()}", **files))  # type: ignore[arg-type]


@asynccontextmanager
async def recruiting(orchestrator: Orchestrator, objects: Path, **settings: Any) -> AsyncIterator[Recruiting]:
    """A gateway over this orchestrator."""
    configured = GatewaySettings.model_validate({"object_store": str(objects), **settings})
    async with served(orchestrator, ServerSettings(max_concurrent=0)) as channel:
        sessions = Sessions(channel, timeout_s=600)
        vault = Vault(sessions)
        app = create_app(configured, MediaStore(configured, keys=vault), sessions)
        async with (
            serving(app) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=None, verify=False) as client,
        ):
            yield Recruiting(port, client, vault)
