"""An organisation's settings, secrets and encryption key over REST, the client and the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from gateway.vault import orchestrator as vault
from interview_client import AsyncInterviewClient
from interview_client.cli import app
from orchestrator.sessions.starts import owed
from orchestrator.sessions.tables import SessionRow
from orchestrator.settings import DatabaseSettings
from tests.support.hiring import SECRET, Site
from tests.support.recruiting import orchestrator_over, recruiting

OWN = "/v1/organisation"
HIDDEN = "geheim-nummer-eins"


@pytest.fixture
async def served(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Site, str]]:
    """A site with encryption, and its address."""
    monkeypatch.setattr(vault, "REMEMBERED_S", 0.0)  # as a minute later
    objects = tmp_path / "objects"
    orchestrator = orchestrator_over(database, objects, monkeypatch, encryption=True)
    async with recruiting(orchestrator, objects, signing_key=SECRET) as running:
        yield Site(running.client, orchestrator), f"http://127.0.0.1:{running.port}"
    await orchestrator.close()


@pytest.fixture
def site(served: tuple[Site, str]) -> Site:
    return served[0]


async def settled(site: Site, code: int = 200, **body: Any) -> Any:
    response = await site.client.put(f"{OWN}/settings", json=body)
    assert response.status_code == code, response.text
    return response.json()


async def submitted(site: Site, **more: str) -> str:
    data = {"candidate_name": "Siti", "language": "id", "question": '["Apa?"]', **more}
    response = await site.client.post("/upload", data=data, files={"videos": ("a.mp4", b"abc")})
    assert response.status_code == 200, response.text
    return str(response.json()["session_id"])


async def test_the_policy_that_is_settled_counts_where_none_is_named(site: Site) -> None:
    assert (await site.get(f"{OWN}/settings"))["effective_policy"] == "default"
    found = await settled(site, policy="original")
    assert (found["policy"], found["effective_policy"]) == ("original", "original")
    usual = [each["name"] for each in (await site.get("/v1/policies"))["policies"] if each["is_default"]]
    assert usual == ["original"]
    of_none, of_its_own = await submitted(site), await submitted(site, policy="default", consent_reference="1")
    async with site.orchestrator._store.transaction() as db:
        rows = {row.id: row.policy for row in await db.scalars(select(SessionRow))}
    assert rows == {of_none: "original", of_its_own: "default"}
    await settled(site, policy="eu")  # which needs consent, of jobs that name no policy too
    job = {"title": "A", "language": "id", "questions": [{"text": "Apa?"}]}
    assert await site.refused("/v1/jobs", job) == (400, "FIELD_INVALID")
    assert "must be one of" in json.dumps(await settled(site, 400, policy="astrology"))


async def test_the_shorter_retention_wins(site: Site) -> None:
    found = await site.get(f"{OWN}/settings")
    assert (found["retention_days"], found["max_retention_days"], found["effective_retention_days"]) == (None, 30, 30)
    assert (await settled(site, retention_days=14))["effective_retention_days"] == 14
    for wrong in (31, 0, -1, 0.5):
        refused = await settled(site, 400, retention_days=wrong)
        assert "must be 1 to 30 days: ORCHESTRATOR_RETENTION_DAYS" in refused["error"]["message"]
    site.orchestrator._preferences.most_days = 7.0  # the installation allows less from now on
    found = await site.get(f"{OWN}/settings")
    assert (found["retention_days"], found["effective_retention_days"]) == (14, 7)


async def test_a_session_is_started_with_its_organisations_retention(site: Site) -> None:
    await settled(site, retention_days=14)
    starts: list[tuple[Any, ...]] = []

    async def start(*arguments: Any) -> None:
        starts.append(arguments)
        raise RuntimeError("the engine is away")

    site.orchestrator.sessions._workflows.start_session = start  # type: ignore[assignment,method-assign]
    site.orchestrator._starting._workflows.start_session = start  # type: ignore[assignment,method-assign]
    data = {"candidate_name": "Siti", "language": "id", "question": '["Apa?"]', "consent_reference": "1"}
    await site.client.post("/upload", data=data, files={"videos": ("a.mp4", b"abc")})
    await site.orchestrator._starting.caught_up()
    assert [arguments[3] for arguments in starts] == [14.0]

    async with site.orchestrator._store.transaction() as db:
        last = max([row.updated_at for row in await db.scalars(select(SessionRow))])
    [later] = await owed(site.orchestrator._store, last + timedelta(seconds=1), 9)
    assert later.retention_days == 14.0  # whoever starts it later knows too


async def test_secrets_are_set_and_never_shown(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    job = {"title": "A", "language": "id", "questions": [{"text": "Apa?"}], "policy": "original"}
    hook = {"webhook_url": "https://example.org/hook"}
    assert await site.refused("/v1/jobs", job | hook) == (400, "FIELD_INVALID")  # nothing would sign it
    told = []
    for kind in ("webhook", "webhook", "deepl", "huggingface"):
        response = await site.client.put(f"{OWN}/secrets/{kind}", json={"secret": HIDDEN})
        assert response.status_code == 200, response.text
        told.append(response.text)
    found = await site.get(f"{OWN}/settings")
    assert [each["kind"] for each in found["secrets"]] == ["deepl", "huggingface", "webhook"]
    assert [bool(each["previous_until_time"]) for each in found["secrets"]] == [False, False, True]
    await site.post("/v1/jobs", job | hook, 201)
    for wrong in ("short", "g" * 501, "mit Leerzeichen geheim", "schlüssel-geheim-eins"):
        response = await site.client.put(f"{OWN}/secrets/webhook", json={"secret": wrong})
        assert (response.status_code, wrong in response.text) == (400, False)
    assert (await site.client.put(f"{OWN}/secrets/openai", json={"secret": HIDDEN})).status_code == 400
    removed = await site.client.delete(f"{OWN}/secrets/deepl")
    assert [each["kind"] for each in removed.json()["secrets"]] == ["huggingface", "webhook"]
    assert (await site.client.delete(f"{OWN}/secrets/deepl")).status_code == 404
    chain = (await site.client.get("/v1/audit-chain")).text
    assert (chain.count("secret_set"), chain.count("secret_removed")) == (4, 1)
    everything = "".join((*told, json.dumps(found), removed.text, chain, *capfd.readouterr()))
    assert HIDDEN not in everything


async def test_what_a_deleted_key_covered_says_so(site: Site) -> None:
    made = await site.post(f"{OWN}/encryption-key", {}, 201)
    assert made["encryption_key"]["name"] == ""
    session_id = await submitted(site, consent_reference="1")
    media = site.orchestrator.sessions._media
    await media.write(f"results/{session_id}.json", b"{}")
    found = await site.get(f"{OWN}/settings")
    assert (found["encryption_key"]["covered_sessions"], found["encrypted_sessions"]) == (1, 1)
    assert await site.refused(f"{OWN}/encryption-key", {}) == (409, "ORGANISATION_KEY_EXISTS")
    assert await site.refused(f"{OWN}/encryption-key:delete", {"confirm": "acme"}) == (400, "FIELD_INVALID")
    gone = await site.post(f"{OWN}/encryption-key:delete", {"confirm": "default"})
    assert gone["encryption_key"] is None
    assert gone["encryption_key_delete_time"]
    async with site.orchestrator._store.transaction() as db:
        row = (await db.scalars(select(SessionRow))).one()
        row.result = {"uri": media.uri(f"results/{session_id}.json"), "size_bytes": 2, "sha256": "", "content_type": ""}
        row.state = "COMPLETED"
    response = await site.client.get(f"/results/{session_id}.json")
    assert (response.status_code, "encryption key was deleted" in response.text) == (400, True)
    chain = (await site.client.get("/v1/audit-chain")).text
    assert ("organisation_key_made" in chain, "organisation_key_deleted" in chain) == (True, True)
    assert await site.refused(f"{OWN}/encryption-key", {"name": "acme"}) == (400, "KEY_NAME_REFUSED")


async def test_the_client_and_the_command_line_do_the_same(served: tuple[Site, str]) -> None:
    _, url = served
    async with AsyncInterviewClient(url) as client:
        assert (await client.change_organisation_settings("eu", 14)).effective_retention_days == 14
        await client.set_secret("webhook", HIDDEN)
        await client.make_encryption_key()
        assert (await client.organisation_settings()).encryption_key is not None

    async def said(*arguments: str, given: str = "", code: int = 0, of: Sequence[str] = ()) -> str:
        command = [*of, "settings", *arguments, "--url", url]
        environment = {"NO_COLOR": "1", "COLUMNS": "200"}
        result = await asyncio.to_thread(CliRunner().invoke, app, command, input=given, env=environment)
        assert result.exit_code == code, result.output
        assert HIDDEN not in result.output
        return result.output

    assert "14 days (at most 30)" in await said("show")
    assert "14 days" in await said("show", of=("--organisation", "default"))
    assert "not a member" in await said("show", of=("--organisation", "acme"), code=1)
    assert "the one before signs until" in await said("secret", "webhook", given=f"{HIDDEN}-2\n")
    assert "eu" in await said("change", "--retention-days", "0")
    assert "must be one of" in await said("change", "--policy", "astrology", code=1)
    assert "webhook" not in await said("remove-secret", "webhook")
    assert "must be the organisation's id" in await said("key", "delete", "--confirm", "acme", code=1)
    assert "encryption key" not in await said("key", "delete", "--confirm", "default")
    assert "covers 0 of 0" in await said("key", "make")
    async with AsyncInterviewClient(url) as client:
        assert (await client.delete_encryption_key("default")).encryption_key is None
        await client.set_secret("deepl", HIDDEN)
        assert (await client.remove_secret("deepl")).secrets == ()
