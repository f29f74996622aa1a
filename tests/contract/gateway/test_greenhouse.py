"""Greenhouse lists jobs as tests, sends them, is told of results, and reads them: against one that plays its side."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from temporalio.testing import ActivityEnvironment

from gateway.settings import GatewaySettings
from orchestrator.activities.notification import NotificationActivities
from orchestrator.events.tables import DeliveryRow
from orchestrator.settings import DatabaseSettings, WorkerSettings
from orchestrator.webhooks.delivery import Webhooks
from orchestrator.webhooks.sending import Sending
from orchestrator.webhooks.store import DeliveryStore
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.candidates import Made, seed
from tests.support.greenhouse import KEY, Greenhouse, greenhouse
from tests.support.hiring import Site, site_over
from tests.support.recorded import rated_result
from tests.support.smtp import MailServer, mail_server

SITI = f"{1:032x}"
CANDIDATE = {"first_name": "Siti", "last_name": "Rahma", "email": "siti@example.org", "phone_number": "1"}


@dataclass(frozen=True, slots=True)
class Partner:
    """A site with the integration on, who plays Greenhouse, what mails candidates get, and a worker's parts."""

    site: Site
    there: Greenhouse
    post: MailServer
    webhooks: Webhooks
    folder: Path

    async def sent(self, job_id: str, number: int = 1, code: int = 200, **candidate: Any) -> Any:
        body = {"partner_test_id": job_id, "candidate": CANDIDATE | candidate, "url": self.there.test(number)}
        response = await self.there.post(self.site.client, "send_test", body)
        assert response.status_code == code, response.text
        return response.json()

    async def status(self, test: Any) -> Any:
        asked = {"partner_interview_id": test["partner_interview_id"]}
        return (await self.there.get(self.site.client, "test_status", **asked)).json()

    async def completed(self, test: Any, job_id: str, **columns: Any) -> None:
        """The candidate's answers are submitted, assessed and told of, as a worker does it."""
        assert test["partner_interview_id"] == SITI
        media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(self.folder / "objects")))
        written = await media.write(f"results/{SITI}.json", json.dumps(rated_result()).encode())
        people = (Made("Siti Rahma", "pass", 93.0),)
        await seed(self.site.orchestrator, job_id, people, result=dataclasses.asdict(written), **columns)
        activities = NotificationActivities(self.site.orchestrator._store, self.webhooks, self.deliveries)
        for _ in range(2):  # an activity may run twice
            await ActivityEnvironment().run(activities.notify, SITI)

    @property
    def deliveries(self) -> DeliveryStore:
        return DeliveryStore(self.site.orchestrator._store)

    async def send_due(self) -> int:
        """Send what is due, all of it as when time has passed."""
        late = datetime.now(UTC) - timedelta(seconds=1)
        async with self.site.orchestrator._store.transaction() as db:
            await db.execute(update(DeliveryRow).where(DeliveryRow.next_at.is_not(None)).values(next_at=late))
        return await Sending(self.deliveries, self.webhooks).send_due()


@pytest.fixture
def there() -> Iterator[Greenhouse]:
    with greenhouse() as made:
        yield made


@pytest.fixture
async def partner(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: Greenhouse
) -> AsyncIterator[Partner]:
    monkeypatch.setattr("gateway.invitations.wire.new_session_id", lambda: SITI)
    settings = {"greenhouse_key": KEY, "allow_private_urls": True}
    async with mail_server() as post:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none", "smtp_sender": "a@b.org"}
        async with site_over(database, tmp_path, monkeypatch, greenhouse_key=KEY, sign_in=False, **mail) as site:
            yield Partner(site, there, post, Webhooks(WorkerSettings.model_validate(settings)), tmp_path)


async def test_jobs_are_listed_as_tests(partner: Partner) -> None:
    job_id = await partner.site.job()
    put_away = await partner.site.job(title="Old")
    await partner.site.post(f"/v1/jobs/{put_away}:archive")
    listed = await partner.there.get(partner.site.client, "list_tests")
    assert listed.json() == [{"partner_test_id": job_id, "partner_test_name": "Layanan pelanggan"}]


async def test_a_test_is_sent_once_and_the_candidate_is_mailed(partner: Partner) -> None:
    job_id = await partner.site.job()
    first = await partner.sent(job_id)
    assert await partner.sent(job_id) == first  # sent again because no answer came
    assert (
        f"/candidate.html#{await partner.site.token((await invitations(partner, job_id))[0])}"
        in first["partner_interview_url"]
    )
    assert [(i["candidate_name"], i["email"]) for i in await invitations(partner, job_id)] == [
        ("Siti Rahma", "siti@example.org")
    ]
    assert [mail["To"] for mail in partner.post.mails] == ["siti@example.org"]
    assert (await partner.status(first))["partner_status"] == "sent"
    assert "partner_score" not in await partner.status(first)


async def invitations(partner: Partner, job_id: str) -> list[Any]:
    return list((await partner.site.get(f"/v1/jobs/{job_id}/invitations"))["invitations"])


async def test_it_is_told_of_the_result_and_reads_it(partner: Partner) -> None:
    job_id = await partner.site.job(policy="default")
    test = await partner.sent(job_id)
    await partner.completed(test, job_id)
    assert await partner.send_due() == 1
    credentials = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
    assert partner.there.told == [("/integrations/take_home_tests/1", credentials, b"")]
    status = await partner.status(test)
    assert (status["partner_status"], status["partner_score"]) == (
        "complete",
        rated_result()["decision_proposal"]["total"],
    )
    assert status["partner_profile_url"].endswith(f"?session={test['partner_interview_id']}")
    assert status["metadata"]["Likely range"] == "a person would most likely give 81 to 97"
    assert "a person decides" in status["metadata"]["Score"]
    assert (
        status["metadata"]["Decision"],
        all(not isinstance(v, dict | list) for v in status["metadata"].values()),
    ) == (
        "open",
        True,
    )
    [logged] = (await partner.site.get("/v1/deliveries?state=delivered"))["deliveries"]
    assert (logged["event"], logged["last_code"], logged["attempts"]) == ("greenhouse.completed", 200, 1)


async def test_while_it_is_away_it_is_told_later(partner: Partner) -> None:
    job_id = await partner.site.job(policy="default")
    test = await partner.sent(job_id)
    await partner.completed(test, job_id)
    partner.there.codes = [503, 200]
    assert await partner.send_due() == 1
    [waiting] = (await partner.site.get("/v1/deliveries"))["deliveries"]
    assert (waiting["state"], waiting["last_code"], waiting["last_reason"]) == ("pending", 503, "UPSTREAM_DOWN")
    assert await partner.send_due() == 1
    assert len(partner.there.told) == 2
    assert (await partner.site.get("/v1/deliveries"))["deliveries"][0]["state"] == "delivered"


async def test_what_it_refuses_can_be_sent_again(partner: Partner) -> None:
    job_id = await partner.site.job(policy="default")
    test = await partner.sent(job_id)
    await partner.completed(test, job_id)
    partner.there.codes = [404, 200]
    await partner.send_due()
    [refused] = (await partner.site.get("/v1/deliveries"))["deliveries"]
    assert (refused["state"], refused["last_code"]) == ("failed", 404)
    await partner.site.post(f"/v1/deliveries/{refused['delivery_id']}:resend")
    await partner.send_due()
    assert (await partner.site.get("/v1/deliveries"))["deliveries"][0]["state"] == "delivered"


async def test_under_blind_review_no_score_leaves_before_somebody_decided(partner: Partner) -> None:
    job_id = await partner.site.job(policy="blind")
    test = await partner.sent(job_id)
    await partner.completed(test, job_id, blind=True)
    status = await partner.status(test)
    assert (status["partner_status"], "partner_score" in status) == ("complete", False)
    assert "reviewer has decided" in status["metadata"]["Score"]


async def test_without_the_key_nobody_gets_in(partner: Partner) -> None:
    for key in ("", "wrong", f"{KEY}x"):
        stranger = Greenhouse(key)
        stranger.server.server_close()
        answer = await stranger.get(partner.site.client, "list_tests")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Basic")
    assert (await partner.site.client.get("/v1/greenhouse/list_tests")).status_code == 401
    headers = {"Authorization": "Basic %%%"}
    assert (await partner.site.client.get("/v1/greenhouse/list_tests", headers=headers)).status_code == 401


async def test_what_cannot_be_sent_is_answered_with_why(partner: Partner) -> None:
    job_id = await partner.site.job()
    await partner.sent(job_id)
    twice = await partner.sent(job_id, number=2, code=400)  # another test, the same person
    assert "invited" in twice["error"]["message"]
    assert "e-mail" in (await partner.sent(job_id, number=3, code=400, email="no address"))["error"]["message"]
    assert (await partner.sent("f" * 32, number=4, code=404))["error"]["details"][0]["reason"] == "JOB_NOT_FOUND"
    wrong = {"partner_test_id": job_id, "candidate": CANDIDATE, "url": "ftp://x"}
    assert (await partner.there.post(partner.site.client, "send_test", wrong)).status_code == 400
    unknown = await partner.there.get(partner.site.client, "test_status", partner_interview_id="f" * 32)
    assert unknown.status_code == 404
    noted = {"api_call": "test_status", "errors": ["missing siti@example.org"], "partner_interview_id": 7}
    answer = await partner.there.post(partner.site.client, "response_error", noted)
    assert (answer.status_code, answer.json()) == (200, {"status": 200})


async def test_without_a_key_it_is_off(database: DatabaseSettings, tmp_path: Path, monkeypatch: Any) -> None:
    async with site_over(database, tmp_path, monkeypatch) as site:
        made = Greenhouse()
        made.server.server_close()
        answer = await made.get(site.client, "list_tests")
        assert (answer.status_code, answer.json()["error"]["details"][0]["reason"]) == (404, "GREENHOUSE_OFF")
    with pytest.raises(ValidationError, match="16 to 170"):
        GatewaySettings.model_validate({"greenhouse_key": "short"})


async def test_the_key_never_travels_in_the_clear() -> None:
    careful = Webhooks(WorkerSettings.model_validate({"greenhouse_key": KEY}))
    with pytest.raises(ServiceError, match="URL_FORBIDDEN"):
        await careful.complete("http://example.org/tests/1")
    off = Webhooks(WorkerSettings.model_validate({}))
    with pytest.raises(ServiceError, match="GREENHOUSE_OFF"):
        await off.complete("https://example.org/tests/1")
