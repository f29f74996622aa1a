"""Two organisations in one installation: `acme` has something of everything, `bravo` nothing but a key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from interview.administration.v1 import administration_service_pb2 as administration_pb
from interview.impact.v1 import impact_service_pb2 as impact_pb
from sqlalchemy import select

from gateway.access.invitation import fingerprint
from orchestrator.api import Orchestrator
from orchestrator.audit.chain.tables import ReceiptRow
from orchestrator.events.outbox import Told, announcements
from orchestrator.impact.store import ImpactStore
from orchestrator.keys.service import Keys
from orchestrator.letters.store import LetterStore
from orchestrator.notes.store import NoteStore
from orchestrator.organisations.members import MemberStore, Role
from orchestrator.ownership import acting_for, everybody
from orchestrator.scorecards.tables import ScorecardRow
from orchestrator.sessions.store import new_stages
from orchestrator.settings import DatabaseSettings
from orchestrator.similarity.tables import SimilarRow
from orchestrator.tables import Base
from orchestrator.vault.organisation_secrets import Kind
from tests.support.candidates import Made, seed
from tests.support.hiring import JOB, Site
from tests.support.recruiting import orchestrator_over, recruiting
from tests.support.signing import signer
from tests.support.tus import TUS

SECRET = "s" * 40
MARKS = ("Siti Rahasia", "siti@acme.example", "Rahasia dagang", "Tulisan rahasia")
"""What only `acme` may see: a candidate, an address, a job, a comment."""

UNKNOWN = "f" * 31 + "e"
DELETED = "d" * 32
RECEIPT = {
    "kind": "deletion-receipt", "session_id": DELETED, "deleted_at": "2026-01-31T12:00:00+00:00", "reason": "request",
    "rows": {}, "objects": {"count": 0, "sha256": ""}, "uploads": {"count": 0},
    "workflow_histories": {"count": 0, "sha256": ""}, "result_sha256": "Rahasia dagang",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estate:
    """A gateway over both; `ids` are `acme`'s by the names that routes and requests give them."""

    site: Site
    ids: dict[str, str]
    acme: dict[str, str]
    bravo: dict[str, str]
    """Headers of an admin of each."""

    async def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in the database."""
        with everybody():
            async with self.site.orchestrator._store.transaction() as db:
                return {
                    table.name: sorted(tuple(map(str, row)) for row in await db.execute(select(table)))
                    for table in Base.metadata.sorted_tables
                }

    def told(self, text: str) -> list[str]:
        """What of `acme`'s stands in a text."""
        return [mark for mark in (*MARKS, *set(self.ids.values())) if mark and mark in text]


@asynccontextmanager
async def estate_over(
    database: DatabaseSettings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Estate]:
    objects = folder / "objects"
    orchestrator = orchestrator_over(database, objects, monkeypatch, apart=True)
    keys = Keys(orchestrator._store._engine)
    headers = {name: await _admin(orchestrator, keys, name) for name in ("acme", "bravo")}
    limits = {"upload_rate_limit": "", "rate_limit": "", "sign_in_rate_limit": ""}
    async with recruiting(orchestrator, objects, signing_key=SECRET, sign_in=True, **limits) as running:
        site = Site(running.client, orchestrator)
        ids = await _furnished(site, headers["acme"], keys)
        yield Estate(site, ids, headers["acme"], headers["bravo"])
    await orchestrator.close()


async def _admin(orchestrator: Orchestrator, keys: Keys, name: str) -> dict[str, str]:
    await orchestrator._organisations.create(name, name.title())
    with acting_for(name):
        made = await keys.create(administration_pb.CreateApiKeyRequest(name=f"{name}'s admin", scopes=["admin"]))
    return {"Authorization": f"Bearer {made.secret}"}


async def _furnished(site: Site, acme: dict[str, str], keys: Keys) -> dict[str, str]:
    job_id = (await site.post("/v1/jobs", JOB | {"title": "Rahasia dagang"}, 201, **acme))["job_id"]
    people = {"candidates": [{"candidate_name": "Siti Rahasia", "email": "siti@acme.example"}]}
    invited = await site.post(f"/v1/jobs/{job_id}/invitations", people, 201, **acme)
    invitation_id = invited["invitations"][0]["invitation_id"]
    link = await site.post(f"/v1/jobs/{job_id}/invitations/{invitation_id}:link", None, 200, **acme)
    store, engine = site.orchestrator._store, site.orchestrator._store._engine
    with acting_for("acme"):
        people_made = (Made("Siti Rahasia", "pass", 80.0, decision="pass"), Made("Dewi", "pass", 81.0))
        session_id, other_id = (await seed(site.orchestrator, job_id, people_made, 0xACE, webhook_url="")).values()
        comment = await NoteStore(store).add_comment(session_id, "Rina", "key:1", "Tulisan rahasia")
        [delivery] = announcements("decided", Told("https://acme.example/hook", session_id, job_id))
        async with store.transaction() as db:
            db.add_all((delivery, _scorecard(session_id), _pair(session_id, other_id)))
            db.add_all(new_stages(session_id, 0, fetched=False))
            db.add(
                ReceiptRow(
                    session_id=DELETED, owner="", job_id=job_id, keys=[], histories=[], receipt=signer().signed(RECEIPT)
                )
            )
        await LetterStore(store).draft(session_id, "id", "Tulisan rahasia", "Rina")
        await ImpactStore(store).ask(job_id, [impact_pb.Characteristic(name="sex")])
        member = await MemberStore(engine).add("siti@acme.example", "Siti Rahasia", Role.ADMIN)
        vault = site.orchestrator._vault
        await vault.secrets.set("acme", Kind.WEBHOOK, "Rahasia-dagang-acme", "key:1")
        await vault.secrets.set("acme", Kind.DEEPL, "Rahasia-dagang-acme", "key:1")
        own_key = await vault.organisation_keys.make("acme", "", "key:1")
        await site.orchestrator._preferences.change("default", 7.0, "key:1")
        key = (await keys.create(administration_pb.CreateApiKeyRequest(name="old", scopes=["read"]))).key
    upload = await site.client.post("/v1/uploads", headers=acme | TUS | {"Upload-Length": "3"})
    return {
        "session_id": session_id, "job_id": job_id, "invitation_id": invitation_id, "link_id": invitation_id,
        "comment_id": comment.id, "delivery_id": delivery.id, "member_id": member.id,
        "key_id": key.key_id, "encryption_key_id": own_key.id,
        "upload_id": upload.headers["location"].rpartition("/")[2],
        "token_sha256": _token_sha256(link["url"]), "subject": "", "deleted": DELETED,
    }  # fmt: skip


def _scorecard(session_id: str) -> ScorecardRow:
    return ScorecardRow(
        session_id=session_id, author_id="key:9", author="Rina", recommendation="pass",
        ratings=[{"answer_index": 0, "criterion": "quality", "rating": 3}], reason="Tulisan rahasia",
        created_at=datetime.now(UTC),
    )  # fmt: skip


def _pair(session_id: str, other_id: str) -> SimilarRow:
    """Two answers that are nearly the same."""
    return SimilarRow(
        session_id=session_id, answer_index=0, other_session_id=other_id, other_answer_index=0, shared=0.9,
        quote="Tulisan rahasia", start_s=0.0, end_s=1.0, other_quote="Tulisan rahasia", other_start_s=0.0,
        other_end_s=1.0, found_at=datetime.now(UTC),
    )  # fmt: skip


def _token_sha256(url: str) -> str:
    return fingerprint(url.partition("#")[2])


def unknown(ids: dict[str, str]) -> dict[str, str]:
    """Ids of the same form that nobody has."""
    return {name: (UNKNOWN * 2)[-len(value) :] if value else "" for name, value in ids.items()}


def later() -> datetime:
    return datetime.now(UTC) + timedelta(days=2)
