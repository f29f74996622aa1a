"""An admin signs in at the company's own server, keeps members and keys, and signs out of both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from interview.administration.v1 import administration_service_pb2 as pb
from playwright.async_api import Browser, Page, expect

from orchestrator.api import Orchestrator
from orchestrator.keys.service import Keys
from orchestrator.migrate import migrate
from orchestrator.organisations.members import MemberStore, Role
from orchestrator.ownership import acting_for
from orchestrator.settings import DatabaseSettings
from tests.browser.test_dashboard import accessible
from tests.browser.test_jobs import JobSite
from tests.support.hiring import JOB, SECRET
from tests.support.recruiting import orchestrator_over, recruiting
from tests.support.rest import closed_port
from tests.support.sign_in_server import SignInServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@dataclass(kw_only=True)
class AdminSite(JobSite):
    """The same, and the orchestrator behind it."""

    orchestrator: Orchestrator


def forget_the_servers_own_complaints(site: JobSite) -> None:
    """Its pages want a font from elsewhere and have no icon; and without a sign-in ours are answered 401."""
    for part in ("401", "404", "ERR_NAME_NOT_RESOLVED", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "fonts"):
        site.expected(part)


@pytest_asyncio.fixture(loop_scope="module")
async def site(
    browser: Browser, tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AdminSite]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}"
    await asyncio.to_thread(migrate, url)
    orchestrator = orchestrator_over(
        DatabaseSettings(INTERVIEW_DATABASE_URL=url), tmp_path / "objects", monkeypatch, encryption=True
    )
    await orchestrator._organisations.create("acme", "Acme Logistics")
    with acting_for("acme"):
        await MemberStore(orchestrator._store._engine).add("rina@acme.example", "", Role.ADMIN)
    with closed_port() as port:
        server = SignInServer(port)
    settings = {"sign_in": True, "signing_key": SECRET, **server.settings}
    async with (
        recruiting(orchestrator, tmp_path / "objects", **settings) as running,
        server.started(f"http://127.0.0.1:{running.port}"),
    ):
        found = AdminSite(running, browser, pictures, orchestrator=orchestrator)
        yield found
        for context in found.contexts:
            await context.close()
        forget_the_servers_own_complaints(found)
        assert found.complaints == []
    await orchestrator.close()


async def signed_in(site: JobSite, login: str = "rina", **options: object) -> Page:
    page = await site.page("/sign-in.html?next=/organisation.html", **options)  # type: ignore[arg-type]
    await page.locator("#company-do").click()
    await page.locator("input[name=login]").fill(login)
    await page.locator("input[name=password]").fill("any")
    await page.locator("button[type=submit]").click()
    await page.wait_for_url(f"{site.url}/**")
    return page


async def test_an_admin_keeps_members_and_keys_and_signs_out(site: JobSite) -> None:
    page = await signed_in(site)
    assert page.url == f"{site.url}/organisation.html"
    await expect(page.get_by_role("heading", level=1)).to_have_text("Acme Logistics")
    members, keys = page.get_by_role("region", name="Members"), page.get_by_role("region", name="Keys")
    await expect(members.get_by_role("listitem")).to_contain_text("Rina Wulandari")
    await members.get_by_label("E-mail address").fill("Budi@acme.example")
    await members.locator("select[name=role]").select_option("recruiter")
    await members.get_by_role("button", name="Add", exact=True).click()
    await expect(members.get_by_role("listitem")).to_have_count(2)
    await members.get_by_label("Role of budi@acme.example").select_option("auditor")
    await expect(members.get_by_role("status")).to_have_text("The role is changed.")
    await members.get_by_label("Role of Rina Wulandari").select_option("reviewer")
    await expect(members.get_by_role("status")).to_contain_text("only admin")
    site.expected("400")
    await expect(members.get_by_label("Role of Rina Wulandari")).to_have_value("admin")
    await keys.get_by_label("Name").fill("HR system")
    await keys.get_by_label("submit").check()
    await keys.get_by_role("button", name="Create the key").click()
    await expect(keys.get_by_role("status")).to_contain_text("Copy the key now")
    secret = await keys.get_by_label("The new key").input_value()
    assert secret.startswith("ias_")
    await accessible(page)
    await site.picture(page, "organisation")
    headers = {"Authorization": f"Bearer {secret}"}
    assert (await site.gateway.client.get("/v1/me", headers=headers)).json()["organisation"] == "acme"
    page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await settles(site, page)
    await keys.get_by_role("button", name="End the key HR system").click()
    await expect(keys.get_by_role("listitem")).to_contain_text("ended")
    await members.get_by_role("button", name="Remove budi@acme.example").click()
    await expect(members.get_by_role("listitem")).to_have_count(1)
    await page.get_by_role("button", name="Sign out").click()
    await page.locator("button[value=yes]").click()  # the server asks
    await page.wait_for_url(f"{site.url}/sign-in.html*")
    await expect(page.locator("#company-do")).to_be_visible()
    await accessible(page)
    await site.picture(page, "sign-in-company")
    await page.goto(f"{site.url}/jobs.html")
    await page.wait_for_url(f"{site.url}/sign-in.html?next=*")


async def settles(site: JobSite, page: Page) -> None:
    """Policy, retention, secrets and encryption key."""
    settings, secrets = page.get_by_role("region", name="Settings"), page.get_by_role("region", name="Secrets")
    encryption = page.get_by_role("region", name="Encryption key")
    await expect(settings).to_contain_text("Now: policy default, 30 days.")
    await settings.get_by_label("Policy where none is named").select_option("eu")
    await settings.get_by_label("Days that results are kept").fill("14")
    await settings.get_by_role("button", name="Save the settings").click()
    await expect(settings.get_by_role("status")).to_have_text("The settings are saved.")
    await expect(settings).to_contain_text("Now: policy eu, 14 days.")
    for _ in range(2):
        await secrets.get_by_label("Secret or key").fill("geheim-nummer-eins")
        await secrets.get_by_role("button", name="Set the secret").click()
        await expect(secrets.get_by_label("Secret or key")).to_have_value("")
    await expect(secrets.get_by_role("listitem")).to_contain_text("the one before signs until")
    await encryption.get_by_role("button", name="Make an encryption key").click()
    await expect(encryption.get_by_role("status")).to_have_text("The key is made.")
    assert "geheim-nummer-eins" not in await page.content()
    await accessible(page)
    await site.picture(page, "organisation-settings")
    await encryption.get_by_label("To delete it, type acme").fill("bravo")
    await encryption.get_by_role("button", name="Delete the encryption key").click()
    await expect(encryption.get_by_role("status")).to_contain_text("must be the organisation's id")
    site.expected("400")
    await encryption.get_by_label("To delete it, type acme").fill("acme")
    await encryption.get_by_role("button", name="Delete the encryption key").click()
    await expect(encryption).to_contain_text("can never be read again")
    await secrets.get_by_role("button", name="Delete the secret: Webhooks").click()
    await expect(secrets.get_by_role("listitem")).to_have_text(
        "None: those of this installation are used, if it has any."
    )


async def test_an_admin_limits_a_job_to_a_team(site: AdminSite) -> None:
    engine = site.orchestrator._store._engine
    with acting_for("acme"):
        await MemberStore(engine).add("budi@acme.example", "Budi Santoso", Role.RECRUITER)
        keys = [pb.CreateApiKeyRequest(name=name, scopes=["submit", "read"]) for name in ("HR system", "Archive")]
        inside, outside = [await Keys(engine).create(each) for each in keys]
    headers = [{"Authorization": f"Bearer {key.secret}"} for key in (inside, outside)]
    made = await site.gateway.client.post("/v1/jobs", json=JOB, headers=headers[0])
    job_id = made.json()["job_id"]
    page = await signed_in(site)
    await page.goto(f"{site.url}/job.html?job={job_id}")
    await page.get_by_text("Who sees this job").click()
    panel = page.locator("details", has_text="Who sees this job")
    await expect(panel).to_contain_text("Everybody in the organisation.")
    await panel.get_by_label("Budi Santoso").check()
    await panel.get_by_label("HR system (key)").check()
    await panel.get_by_role("button", name="Save the team").click()
    await expect(panel.get_by_role("status")).to_contain_text("The team is saved.")
    await expect(panel).to_contain_text("Only: Budi Santoso, HR system.")
    await accessible(page)
    await site.picture(page, "job-team")
    seen = [(await site.gateway.client.get(f"/v1/jobs/{job_id}", headers=who)).status_code for who in headers]
    assert seen == [200, 404]
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await site.picture(page, "job-team-phone")


async def test_a_member_of_several_organisations_chooses_and_changes(site: AdminSite) -> None:
    await site.orchestrator._organisations.create("bravo", "Bravo Retail")
    with acting_for("bravo"):
        await MemberStore(site.orchestrator._store._engine).add("rina@acme.example", "", Role.REVIEWER)
    page = await signed_in(site)
    choice = page.locator("#choice")
    await expect(choice.get_by_role("button")).to_have_text(["Acme Logistics", "Bravo Retail"])
    await expect(page.locator("#form")).to_be_hidden()
    await accessible(page)
    await site.picture(page, "sign-in-choice")
    await choice.get_by_role("button", name="Acme Logistics").click()
    await page.wait_for_url(f"{site.url}/organisation.html")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Acme Logistics")
    menu = page.get_by_label("Organisation that you act for")
    await expect(menu).to_have_value("acme")
    await accessible(page)
    await menu.select_option("bravo")
    await page.wait_for_url(f"{site.url}/sessions.html")
    await expect(menu).to_have_value("bravo")
    await expect(page.get_by_role("link", name="Team")).to_be_hidden()  # a reviewer there
    await site.picture(page, "organisations-menu")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"{site.url}/jobs.html")
    await expect(menu).to_have_value("bravo")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await site.picture(page, "organisations-phone")


async def test_on_a_phone_in_indonesian(site: JobSite) -> None:
    page = await signed_in(site, locale="id-ID", width=390)
    await expect(page.get_by_role("region", name="Anggota").get_by_role("listitem")).to_contain_text("Rina Wulandari")
    await accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await site.picture(page, "organisation-phone")


async def test_whoever_is_no_member_is_told_so(site: JobSite) -> None:
    page = await signed_in(site, "nobody")
    await expect(page.locator("#refused")).to_contain_text("not a member here")
