"""The whole system in this process, real but for what vision, audio and judge compute: gateway, orchestrator, workflow
engine, worker and encryption. Time passes when a test says so.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from interview.administration.v1 import administration_service_pb2 as administration_pb
from sqlalchemy import select, update
from temporalio.client import Client

from gateway.app import create_app
from gateway.orchestrator import Sessions
from gateway.settings import GatewaySettings
from gateway.vault.orchestrator import Vault
from orchestrator import api
from orchestrator.api import Orchestrator
from orchestrator.audit.chain.tables import ChainRow
from orchestrator.clients import Services
from orchestrator.database import open_engine
from orchestrator.migrate import migrate
from orchestrator.policies.choices import Choices
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.settings import ApiSettings, WorkerSettings
from orchestrator.sweep import Sweep
from orchestrator.vault.store import open_vault
from orchestrator.worker import build_workers, working
from servicekit.media import MediaStore
from servicekit.settings import ServerSettings, StoreSettings
from services.transcriber.model import Transcriber
from tests.support.gateway import serving
from tests.support.model_services import model_services
from tests.support.serving import served
from tests.support.workflows import QUEUE, engine


@dataclass(frozen=True, slots=True)
class Whole:
    """A gateway that answers at `port`, and what stands behind it."""

    port: int
    orchestrator: Orchestrator
    store: SessionStore
    sweep: Sweep
    objects: Path

    async def key(self, name: str, *scopes: str) -> str:
        """The secret of a new API key."""
        asked = administration_pb.CreateApiKeyRequest(name=name, scopes=scopes)
        made = await self.orchestrator.administration.CreateApiKey(asked, None)
        return str(made.secret)

    async def retention_ends(self) -> None:
        """The retention time of every session is over, as on its last day, and the workers sweep."""
        async with self.store.transaction() as db:
            await db.execute(update(SessionRow).values(retention_end_at=datetime.now(UTC) - timedelta(seconds=1)))
        await self.sweep.overdue(timedelta(0))

    async def played(self) -> list[str]:
        """Sessions of which somebody played a recording, as the audit chain has it; once for each answer."""
        async with self.store.transaction() as db:
            entries = [json.loads(content) for content in await db.scalars(select(ChainRow.content))]
        return [str(entry["session_id"]) for entry in entries if entry.get("details") == "recording"]

    def files(self, part: str) -> list[str]:
        """Objects that have this in their names, as of a session."""
        found = (path.relative_to(self.objects).as_posix() for path in self.objects.rglob("*") if path.is_file())
        return sorted(name for name in found if part in name)


@asynccontextmanager
async def whole_system(
    folder: Path, monkeypatch: pytest.MonkeyPatch, transcriber: Transcriber, policies: Path, **settings: Any
) -> AsyncIterator[Whole]:
    """With sign-in; `settings` are the gateway's."""
    objects = folder / "objects"
    url = f"sqlite+aiosqlite:///{folder / 'sessions.db'}"
    await asyncio.to_thread(migrate, url)
    monkeypatch.setattr("gateway.access.believed.KEPT_S", 0.0)  # a link that ends has ended, not half a minute later
    for name, value in _environment(folder, url, objects, policies).items():
        monkeypatch.setenv(name, value)
    async with engine() as temporal, model_services(MediaStore(StoreSettings()), hearing=transcriber) as services:
        monkeypatch.setenv("INTERVIEW_TEMPORAL_ADDRESS", temporal.service_client.config.target_host)
        monkeypatch.setattr(api, "Choices", _choices(services))
        orchestrator = Orchestrator(ApiSettings())
        async with (
            _worker(temporal, services) as (store, sweep),
            served(orchestrator, ServerSettings(max_concurrent=0)) as channel,
            _gateway(Sessions(channel, timeout_s=600), settings) as port,
        ):
            yield Whole(port, orchestrator, store, sweep, objects)
        await orchestrator.close()


def _environment(folder: Path, url: str, objects: Path, policies: Path) -> dict[str, str]:
    return {
        "INTERVIEW_DATABASE_URL": url,
        "INTERVIEW_OBJECT_STORE": str(objects),
        "INTERVIEW_POLICIES": str(policies),
        "INTERVIEW_TASK_QUEUE": QUEUE,
        "INTERVIEW_AUDIT_KEY_FILE": str(folder / "audit.key"),
        "INTERVIEW_KEY_ENCRYPTION_FILE": str(folder / "key-encryption.keys"),
    }


def _choices(services: Services) -> type[Choices]:
    class JudgesChoices(Choices):
        """Asks the judge of this process."""

        def _judge(self) -> Any:
            return services.judge

    return JudgesChoices


@asynccontextmanager
async def _gateway(sessions: Sessions, settings: dict[str, Any]) -> AsyncIterator[int]:
    configured = GatewaySettings.model_validate({"sign_in": True, "signing_key": "s" * 40, **settings})
    app = create_app(configured, MediaStore(configured, keys=Vault(sessions)), sessions)
    async with serving(app) as port:
        yield port


@asynccontextmanager
async def _worker(temporal: Client, services: Services) -> AsyncIterator[tuple[SessionStore, Sweep]]:
    settings = WorkerSettings()
    database = open_engine(settings)
    store, vault = SessionStore(database), open_vault(database, settings)
    media = MediaStore(settings, keys=vault)
    async with working(build_workers(settings, temporal, store, media, services)):
        yield store, Sweep(store, media, temporal, settings.task_queue, vault=vault)
    await vault.close()
    await store.close()
