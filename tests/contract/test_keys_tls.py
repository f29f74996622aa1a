"""`interview keys` where services talk TLS, and who may make keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
import trustme
from interview.administration.v1.administration_service_pb2_grpc import add_AdministrationServiceServicer_to_server
from typer.testing import CliRunner, Result

from interview_client.cli import app
from orchestrator.api import ADMINISTRATION, SERVICE, Orchestrator
from orchestrator.database import open_engine
from orchestrator.keys.rpc import AdministrationCalls
from orchestrator.keys.service import Keys
from orchestrator.organisations.rpc import OrganisationAdministration
from orchestrator.organisations.store import OrganisationStore
from orchestrator.settings import DatabaseSettings
from servicekit.certificates import rights
from servicekit.server import Server
from servicekit.settings import ServerSettings
from tests.unit.servicekit.test_tls import write

KEY_CALLS = ("CreateApiKey", "ListApiKeys", "RevokeApiKey")


async def run(*arguments: str, environment: dict[str, str]) -> Result:
    cleared: dict[str, str | None] = {f"INTERVIEW_TLS_{name}_FILE": None for name in ("CERT", "KEY", "CA")}
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env=cleared | environment)


class Administration:
    """The orchestrator's administration alone."""

    service_name = ADMINISTRATION.full_name
    also_serves = ()
    guarded = Orchestrator.guarded

    def __init__(self, database: DatabaseSettings) -> None:
        self._engine = open_engine(database)

    def register(self, server: grpc.aio.Server) -> None:
        parts = AdministrationCalls(Keys(self._engine)), OrganisationAdministration(OrganisationStore(self._engine))
        found = {m.name: getattr(parts[0], m.name, getattr(parts[1], m.name, None)) for m in ADMINISTRATION.methods}
        calls: Any = SimpleNamespace(**found)
        add_AdministrationServiceServicer_to_server(calls, server)

    async def load(self) -> None:
        return

    async def close(self) -> None:
        await self._engine.dispose()


@asynccontextmanager
async def serving(database: DatabaseSettings, **settings: Any) -> AsyncIterator[str]:
    server = Server(Administration(database), ServerSettings(**settings))
    await server.start()
    await server.load()
    yield f"localhost:{server.port}"
    await server.stop(drain_timeout_s=0)


async def test_a_key_is_made_with_the_processs_own_certificate(tmp_path: Path, database: DatabaseSettings) -> None:
    files = write(tmp_path / "own", trustme.CA())
    async with serving(database, **files) as target:
        create = ("keys", "create", "rina", "--scope", "read", "--orchestrator", target)
        made = await run(*create, environment=files)
        assert made.exit_code == 0, made.output
        assert made.stdout.splitlines()[-1].startswith("ias_")  # after the server's own log line, which is here too
        refused = await run("keys", "list", "--orchestrator", target, environment={})
        assert (refused.exit_code, "says:" in refused.output) == (1, True)


async def test_other_machines_make_no_keys(
    tmp_path: Path, database: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever certificate of the same CA they show, unless the settings name it."""
    monkeypatch.setattr(rights, "_LOOPBACK", ("nowhere",))  # every caller here comes from this machine
    ca = trustme.CA()
    files = {name: write(tmp_path / name, ca, *names) for name, *names in (("localhost",), ("gateway", "gateway"))}
    granted = {"gateway": ("OrchestratorService/*",), "admin.example.org": ("AdministrationService/*",)}
    files["admin"] = write(tmp_path / "admin", ca, "admin.example.org")
    async with serving(database, **files["localhost"], rights=granted) as target:
        create = ("keys", "create", "rina", "--scope", "read", "--orchestrator", target)
        for name in ("gateway", "localhost"):
            refused = await run(*create, environment=files[name])
            assert (refused.exit_code, "may not make this call" in refused.output) == (1, True), name
        made = await run(*create, environment=files["admin"])
        assert made.exit_code == 0, made.output


def test_administration_and_its_old_calls_are_guarded() -> None:
    changing = {f"/{service.full_name}/{name}" for service in (ADMINISTRATION, SERVICE) for name in KEY_CALLS}
    organisations = {f"/{ADMINISTRATION.full_name}/{name}" for name in ("CreateOrganisation", "ListOrganisations")}
    assert set(Orchestrator.guarded) == changing | organisations
    assert all(SERVICE.methods_by_name[name].GetOptions().deprecated for name in KEY_CALLS)
