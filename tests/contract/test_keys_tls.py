"""`interview keys` where services talk TLS."""

from __future__ import annotations

import asyncio
from pathlib import Path

import trustme
from typer.testing import CliRunner, Result

from interview_client.cli import app
from servicekit.server import Server
from servicekit.settings import ServerSettings
from tests.support.gateway import ScriptedOrchestrator
from tests.unit.servicekit.test_tls import write


async def run(*arguments: str, environment: dict[str, str]) -> Result:
    cleared: dict[str, str | None] = {f"INTERVIEW_TLS_{name}_FILE": None for name in ("CERT", "KEY", "CA")}
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env=cleared | environment)


async def test_a_key_is_made_with_the_processs_own_certificate(tmp_path: Path) -> None:
    files = write(tmp_path / "own", trustme.CA())
    server = Server(ScriptedOrchestrator(), ServerSettings(**files))
    await server.start()
    await server.load()
    target = f"localhost:{server.port}"
    made = await run("keys", "create", "rina", "--scope", "read", "--orchestrator", target, environment=files)
    assert made.exit_code == 0, made.output
    assert made.stdout.splitlines()[-1] == "ias_rina"  # after the server's own log line, which is here too
    refused = await run("keys", "list", "--orchestrator", target, environment={})
    assert (refused.exit_code, "says:" in refused.output) == (1, True)
    await server.stop(drain_timeout_s=0)
