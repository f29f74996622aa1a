"""Webhooks of every event over REST: written down with what happened, sent by a worker, listed, sent again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from interview.administration.v1 import administration_service_pb2 as administration_pb
from interview.jobs.v1 import jobs_service_pb2 as jobs_pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from sqlalchemy import update
from temporalio.testing import ActivityEnvironment
from typer.testing import CliRunner

from interview_client import AsyncInterviewClient
from interview_client.cli import app
from interview_client.webhooks import verify_webhook
from orchestrator.activities.notification import NotificationActivities
from orchestrator.events.tables import DeliveryRow
from orchestrator.reviews.store import ReviewStore
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings, WorkerSettings
from orchestrator.webhooks.delivery import Webhooks, message
from orchestrator.webhooks.sending import Sending
from orchestrator.webhooks.store import DeliveryStore
from servicekit.errors import ServiceError
from tests.support.candidates import Made, decided, seed
from tests.support.hiring import JOB, Site, site_over
from tests.support.receiver import Receiver, receiving

SECRET = "webhook secret"


@dataclass(frozen=True, slots=True)
class Told:
    """A site whose job follows its candidates, what it tells, and who hears it."""

    site: Site
    receiver: Receiver
    sending: Sending

    @property
    def store(self) -> SessionStore:
        return self.site.orchestrator._store

    def heard(self) -> list[str]:
        for header, body in self.receiver.received:
            verify_webhook(SECRET, header, body)
        return [json.loads(body)["event"] for _, body in self.receiver.received]

    async def listed(self, query: str = "") -> list[Any]:
        return list((await self.site.get(f"/v1/deliveries{query}"))["deliveries"])

    async def due(self, **columns: Any) -> None:
        """Everything is due now, as when time has passed."""
        async with self.store.transaction() as db:
            late = datetime.now(UTC) - timedelta(seconds=1)
            await db.execute(
                update(DeliveryRow).where(DeliveryRow.next_at.is_not(None)).values(next_at=late, **columns)
            )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
async def told(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> AsyncIterator[Told]:
    monkeypatch.setenv("INTERVIEW_WEBHOOK_SECRET", SECRET)
    webhooks = Webhooks(WorkerSettings.model_validate({"webhook_secret": SECRET, "allow_private_urls": True}))
    async with site_over(database, tmp_path, monkeypatch) as site:
        yield Told(site, receiver, Sending(DeliveryStore(site.orchestrator._store), webhooks))


async def test_every_event_of_a_job_is_told_without_a_name(told: Told) -> None:
    site = told.site
    job_id = await site.job(webhook_url=f"{told.receiver.url}?token=hidden", policy="default")
    [invitation] = await site.invited(job_id, [{"candidate_name": "Siti Rahma", "email": "siti@example.org"}])
    session_id = invitation["invitation_id"]
    for _ in range(2):  # told once
        event = jobs_pb.RecordInvitationEventRequest(invitation_id=session_id, event=jobs_pb.INVITATION_EVENT_STARTED)
        await site.orchestrator.invitations.RecordInvitationEvent(event, None)
    answer = pb.NewAnswer(question="Mengapa?", url="https://example.org/a.mp4")
    wanted = pb.CreateSessionRequest(
        session_id=session_id, candidate_name="Siti Rahma", job_id=job_id, answers=[answer]
    )
    for _ in range(2):  # the same request again changes nothing
        await site.orchestrator.sessions.CreateSession(wanted, None)
    decision = decided("pass", datetime.now(UTC))
    decision.session_id = session_id
    await ReviewStore(told.store).add(decision)
    await told.store.delete(session_id)
    await told.store.delete(session_id)
    while await told.sending.send_due():
        pass
    events = ["invited", "started", "handed_in", "decided", "deleted"]
    assert sorted(told.heard()) == sorted(f"session.{event}" for event in events)
    everything = b"".join(body for _, body in told.receiver.received)
    assert (b"Siti" in everything, b"Rina" in everything, b"pass" in everything) == (False, False, False)
    bodies = [json.loads(body) for _, body in told.receiver.received]
    assert {(body["session_id"], body["job_id"]) for body in bodies} == {(session_id, job_id)}
    listed = await told.listed(f"?job_id={job_id}")
    assert {(d["state"], d["attempts"], d["last_reason"], d["url"]) for d in listed} == {
        ("delivered", 1, "", told.receiver.url)
    }
    assert {d["delivery_id"] for d in listed} == {body["delivery_id"] for body in bodies}
    assert len(await told.listed(f"?session_id={session_id}&state=delivered")) == 5
    assert await told.listed("?state=failed") == []


async def test_a_server_that_is_away_is_tried_again_and_given_up_after_a_day(told: Told) -> None:
    told.receiver.codes = [503, 503, 204, 404, 503]
    job_id = await told.site.job(webhook_url=told.receiver.url)
    await told.site.invited(job_id, [{"candidate_name": "Siti", "email": ""}])
    assert [await told.sending.send_due(), await told.sending.send_due()] == [1, 0]  # not at once
    [first] = await told.listed()
    assert (first["state"], first["attempts"], first["last_reason"]) == ("pending", 1, "UPSTREAM_DOWN")
    for _ in range(2):
        await told.due()
        await told.sending.send_due()
    [first] = await told.listed()
    assert (first["state"], first["attempts"], first["last_reason"]) == ("delivered", 3, "")
    again = await told.site.post(f"/v1/deliveries/{first['delivery_id']}:resend")
    assert again["state"] == "pending"
    await told.sending.send_due()
    [refused] = await told.listed()
    assert (refused["state"], refused["attempts"], refused["last_reason"]) == ("failed", 4, "WEBHOOK_REFUSED")
    assert len({body for _, body in told.receiver.received}) == 1
    await told.site.post(f"/v1/deliveries/{first['delivery_id']}:resend")
    await told.due(since_at=datetime.now(UTC) - timedelta(days=2))
    await told.sending.send_due()
    assert (await told.listed())[0]["state"] == "failed"
    assert await told.sending.send_due() == 0


async def test_a_session_s_own_address_is_told_of_its_end_as_ever_and_of_what_follows(told: Told) -> None:
    ids = await seed(
        told.site.orchestrator, "", (Made("Ani", "pass", 80.0),), webhook_url=told.receiver.url, owner="key:1"
    )
    session_id = ids["Ani"]
    assert await told.sending.send_due() == 0
    notification = NotificationActivities(told.store, told.sending._webhooks, DeliveryStore(told.store))
    await ActivityEnvironment().run(notification.notify, session_id)
    [(_, body)] = told.receiver.received
    row = await told.store.existing(session_id)
    assert body == message(row)
    assert list(json.loads(body)) == ["event", "session_id", "state", "at", "translating"]
    [logged] = await told.listed()
    assert (logged["event"], logged["state"], logged["attempts"]) == ("session.completed", "delivered", 1)
    await told.site.post(f"/v1/deliveries/{logged['delivery_id']}:resend")
    assert await told.sending.send_due() == 1
    assert told.receiver.received[1][1] == body
    await told.store.delete(session_id)
    await told.sending.send_due()
    assert told.heard()[2:] == ["session.deleted"]


async def test_two_workers_send_a_delivery_once_and_a_dead_one_s_is_made_up_for(told: Told) -> None:
    await told.site.invited(await told.site.job(webhook_url=told.receiver.url))
    deliveries = DeliveryStore(told.store)
    first, second = await deliveries.claim(20), await deliveries.claim(20)
    assert (len(first), second) == (2, [])
    await told.due()  # the lease is over
    assert await told.sending.send_due() == 2


async def test_old_deliveries_are_forgotten_and_lost_ones_given_up(told: Told) -> None:
    await told.site.invited(await told.site.job(webhook_url=told.receiver.url))
    long_ago = datetime.now(UTC) - timedelta(days=31)
    [one, _] = await told.listed()
    async with told.store.transaction() as db:
        this = DeliveryRow.id == one["delivery_id"]
        await db.execute(update(DeliveryRow).where(this).values(created_at=long_ago))
        await db.execute(update(DeliveryRow).where(~this).values(next_at=None, since_at=long_ago))
    assert [await DeliveryStore(told.store).prune() for _ in range(2)] == [1, 0]
    [left] = await told.listed()
    assert left["state"] == "failed"
    assert await told.site.refused(f"/v1/deliveries/{one['delivery_id']}:resend", None) == (404, "DELIVERY_NOT_FOUND")


async def test_a_job_without_an_address_tells_nobody_and_a_wrong_one_is_refused(told: Told) -> None:
    await told.site.invited(await told.site.job())
    assert await told.listed() == []
    assert await told.site.refused("/v1/jobs", JOB | {"webhook_url": "ftp://example.org"}) == (400, "FIELD_INVALID")
    job_id = await told.site.job(webhook_url=told.receiver.url)
    path = f"/v1/jobs/{job_id}"
    assert (await told.site.get(path))["webhook_url"] == told.receiver.url
    assert (await told.site.client.put(path, json=JOB)).json()["webhook_url"] == ""


async def test_without_a_secret_no_webhook_is_promised(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INTERVIEW_WEBHOOK_SECRET", raising=False)
    async with site_over(database, tmp_path, monkeypatch) as site:
        body = JOB | {"webhook_url": "https://example.org/hook"}
        assert await site.refused("/v1/jobs", body) == (400, "FIELD_INVALID")
        video = {"positionId": 1, "question": "Why?", "isVideoExist": True, "recordedVideoUrl": "https://example.org/a"}
        upload = {"candidate_name": "Siti", "language": "id", "interviews": [video], "webhook_url": body["webhook_url"]}
        refused = await site.client.post("/upload_json", json=upload)
        assert (refused.status_code, "INTERVIEW_WEBHOOK_SECRET" in refused.text) == (400, True)
        assert (await site.get("/v1/sessions"))["sessions"] == []


async def test_others_deliveries_are_neither_listed_nor_sent_again(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    monkeypatch.setenv("INTERVIEW_WEBHOOK_SECRET", SECRET)
    async with site_over(database, tmp_path, monkeypatch, sign_in=True, session_access="owner") as site:
        keys = []
        for name in ("Ani", "Budi"):
            wanted = administration_pb.CreateApiKeyRequest(name=name, scopes=["submit"])
            keys.append((await site.orchestrator.administration.CreateApiKey(wanted, None)).secret)
        mine, others = ({"Authorization": f"Bearer {secret}"} for secret in keys)
        job = (await site.client.post("/v1/jobs", json=JOB | {"webhook_url": receiver.url}, headers=mine)).json()
        people = {"candidates": [{"candidate_name": "Siti", "email": ""}]}
        await site.client.post(f"/v1/jobs/{job['job_id']}/invitations", json=people, headers=mine)
        [found] = (await site.get("/v1/deliveries", **mine))["deliveries"]
        assert (await site.get("/v1/deliveries", **others))["deliveries"] == []
        path = f"/v1/deliveries/{found['delivery_id']}:resend"
        assert (await site.client.post(path, headers=others)).status_code == 404
        assert (await site.client.post(path, headers=mine)).status_code == 200


async def test_the_log_by_client_and_command(told: Told) -> None:
    await told.site.invited(await told.site.job(webhook_url=told.receiver.url))
    await told.sending.send_due()
    url = str(told.site.client.base_url)
    async with AsyncInterviewClient(url) as client:
        page = await client.deliveries(state="delivered", page_size=1)
        [first] = page.deliveries
        assert (first.event, bool(page.next_page_token)) == ("session.invited", True)
        rest = await client.deliveries(page_size=1, page_token=page.next_page_token)
        assert (len(rest.deliveries), rest.next_page_token) == (1, "")

    def ran(*words: str) -> str:
        result = CliRunner().invoke(app, words, env={"INTERVIEW_URL": url, "COLUMNS": "250"})
        assert result.exit_code == 0, result.output
        return result.output

    listed = await asyncio.to_thread(ran, "deliveries", "list", "--state", "delivered")
    assert (first.delivery_id in listed, "session.invited" in listed) == (True, True)
    assert "is sent again" in await asyncio.to_thread(ran, "deliveries", "resend", first.delivery_id)
    assert (await told.sending.send_due(), len(told.receiver.received)) == (1, 3)


async def test_while_the_database_is_away_nothing_is_lost(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent and cannot be written down is sent again: rather twice than never."""
    await told.site.invited(await told.site.job(webhook_url=told.receiver.url), [{"candidate_name": "A", "email": ""}])

    async def away(*_: object) -> None:
        raise ServiceError(grpc.StatusCode.UNAVAILABLE, "UPSTREAM_DOWN", "The database is away.")

    with monkeypatch.context() as patch:
        patch.setattr(DeliveryStore, "delivered", away)
        with pytest.raises(ServiceError):
            await told.sending.send_due()
    await told.due()
    assert await told.sending.send_due() == 1
    assert len(told.receiver.received) == 2
    assert (await told.listed())[0]["state"] == "delivered"
