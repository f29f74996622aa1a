"""`interview organisations`, `interview members` and `interview keys --organisation`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from interview_client.cli import app
from orchestrator.settings import DatabaseSettings
from servicekit.server import Server
from servicekit.settings import ServerSettings
from tests.support.recruiting import orchestrator_over

ENVIRONMENT = {"NO_COLOR": "1", "COLUMNS": "200"}


@pytest.fixture
async def target(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    orchestrator = orchestrator_over(database, tmp_path / "objects", monkeypatch, apart=True)
    server = Server(orchestrator, ServerSettings(max_concurrent=0))
    await server.start()
    await server.load()
    yield f"127.0.0.1:{server.port}"
    await server.stop(drain_timeout_s=0)


async def run(target: str, *arguments: str) -> Result:
    command = [*arguments, "--orchestrator", target]
    return await asyncio.to_thread(CliRunner().invoke, app, command, env=ENVIRONMENT)


async def done(target: str, *arguments: str) -> str:
    result = await run(target, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


async def refused(target: str, *arguments: str) -> str:
    result = await run(target, *arguments)
    assert result.exit_code != 0, result.output
    return result.output


async def test_an_organisation_with_members_and_keys_of_its_own(target: str) -> None:
    assert "members add" in await done(target, "organisations", "make", "acme", "Acme")
    listed = await done(target, "organisations", "list")
    assert "default" in listed
    assert "Acme" in listed
    acme = ("--organisation", "acme")
    await done(target, "members", "add", "Rina@acme.example", "--role", "admin", *acme)
    await done(target, "members", "add", "budi@acme.example", "--role", "reviewer", *acme)
    await done(target, "members", "role", "budi@acme.example", "recruiter", *acme)
    members = await done(target, "members", "list", *acme)
    assert "rina@acme.example" in members
    assert "recruiter" in members
    await done(target, "keys", "create", "HR of Acme", "--scope", "read", *acme)
    assert "HR of Acme" in await done(target, "keys", "list", *acme)
    for command in ("members", "keys"):
        elsewhere = await done(target, command, "list")
        assert "acme" not in elsewhere.lower()
    await done(target, "members", "remove", "budi@acme.example", *acme)
    assert "budi" not in await done(target, "members", "list", *acme)


async def test_what_cannot_be_is_said(target: str) -> None:
    await done(target, "organisations", "make", "acme", "Acme")
    acme = ("--organisation", "acme")
    assert "already" in await refused(target, "organisations", "make", "acme", "Acme")
    assert "lower-case" in await refused(target, "organisations", "make", "Acme Ltd", "Acme")
    assert "no such organisation" in await refused(target, "members", "list", "--organisation", "bravo")
    assert "e-mail address" in await refused(target, "members", "add", "rina", "--role", "admin", *acme)
    await done(target, "members", "add", "rina@acme.example", "--role", "admin", *acme)
    assert "already" in await refused(target, "members", "add", "RINA@acme.example", "--role", "auditor", *acme)
    assert "only admin" in await refused(target, "members", "remove", "rina@acme.example", *acme)
    assert "only admin" in await refused(target, "members", "role", "rina@acme.example", "auditor", *acme)
    assert "no member" in await refused(target, "members", "remove", "budi@acme.example", *acme)
