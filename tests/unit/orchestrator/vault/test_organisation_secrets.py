"""Secrets of organisations: kept encrypted, replaced, used."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from interview_client.webhooks import verify_webhook
from orchestrator.audit.chain.store import ChainStore
from orchestrator.database import open_engine
from orchestrator.organisations.store import OrganisationStore
from orchestrator.ownership import acting_for
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings, VaultSettings, WorkerSettings
from orchestrator.vault.organisation_secrets import Kind, OrganisationSecrets
from orchestrator.vault.store import open_vault
from orchestrator.vault.tables import SecretRow
from orchestrator.webhooks.delivery import Webhooks
from servicekit.errors import ServiceError
from tests.support.receiver import Receiver, receiving

ONE, TWO, THREE = "geheim-nummer-eins", "geheim-nummer-zwei", "geheim-nummer-drei"


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    await OrganisationStore(opened._engine).create("acme", "Acme")
    yield opened
    await opened.close()


@pytest.fixture
def secrets(store: SessionStore) -> OrganisationSecrets:
    return open_vault(store._engine, VaultSettings()).secrets


async def a_day_later(store: SessionStore) -> None:
    async with store.transaction() as db:
        past = datetime.now(UTC) - timedelta(days=1, minutes=1)
        await db.execute(update(SecretRow).values(created_at=past))
        await db.execute(update(SecretRow).where(SecretRow.ends_at.is_not(None)).values(ends_at=past))


async def test_a_webhook_secret_that_is_replaced_signs_for_a_day_beside_the_new_one(
    store: SessionStore, secrets: OrganisationSecrets
) -> None:
    assert await secrets.signing("acme", "installation") == ["installation"]
    await secrets.set("acme", Kind.WEBHOOK, ONE, "key:1")
    assert await secrets.signing("acme", "installation") == [
        ONE,
        "installation",
    ]  # in force so far
    assert await secrets.signing("bravo", "installation") == ["installation"]
    await a_day_later(store)
    assert await secrets.signing("acme", "installation") == [ONE]
    await secrets.set("acme", Kind.WEBHOOK, TWO, "key:1")
    assert await secrets.signing("acme", "installation") == [TWO, ONE]
    await secrets.set("acme", Kind.WEBHOOK, THREE, "key:1")
    assert await secrets.signing("acme", "installation") == [THREE, TWO]
    await a_day_later(store)
    assert await secrets.signing("acme", "installation") == [THREE]
    await secrets.remove("acme", Kind.WEBHOOK, "key:1")
    assert await secrets.signing("acme", "") == []
    with pytest.raises(ServiceError, match="no secret of its own"):
        await secrets.remove("acme", Kind.WEBHOOK, "key:1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


async def test_both_signatures_are_sent_and_each_is_enough(secrets: OrganisationSecrets, receiver: Receiver) -> None:
    for secret in (ONE, TWO):
        await secrets.set("acme", Kind.WEBHOOK, secret, "key:1")
    settings = WorkerSettings.model_validate({"webhook_secret": "installation", "allow_private_urls": True})
    webhooks = Webhooks(settings, secrets)
    await webhooks.post(receiver.url, b"{}", "acme")
    await webhooks.post(receiver.url, b"{}", "bravo")
    (acmes, body), (bravos, _) = receiver.received
    assert (acmes.count("v1="), bravos.count("v1=")) == (2, 1)
    for secret in (ONE, TWO):
        verify_webhook(secret, acmes, body)
        with pytest.raises(ValueError, match="signature"):
            verify_webhook(secret, bravos, body)
    verify_webhook("installation", bravos, body)
    with pytest.raises(ValueError, match="signature"):
        verify_webhook("installation", acmes, body)
    with pytest.raises(ValueError, match="old"):
        verify_webhook(ONE, acmes, body, fresh_s=-1 - int(time.time()))


async def test_no_secret_is_in_the_database_or_the_chain_in_clear(
    store: SessionStore, secrets: OrganisationSecrets
) -> None:
    for kind in Kind:
        await secrets.set("acme", kind, ONE, "key:1")
        await secrets.set("acme", kind, TWO, "key:1")
    await secrets.remove("acme", Kind.DEEPL, "key:1")
    async with store.transaction() as db:
        rows = list(await db.scalars(select(SecretRow)))
    assert sorted((found.kind, found.place) for found in rows) == [
        ("HUGGINGFACE", "current"), ("WEBHOOK", "current"), ("WEBHOOK", "previous"),
    ]  # fmt: skip
    assert not [found for found in rows if b"geheim" in found.wrapped]
    with acting_for("acme"):
        chain = "".join(entry.content for entry in await ChainStore(store).after(0, 100))
    assert (chain.count("secret_set"), chain.count("secret_removed"), "geheim" in chain) == (6, 1, False)
    assert await secrets.third_parties("acme") == {Kind.HUGGINGFACE: TWO}


async def test_a_secret_stands_for_no_other(store: SessionStore, secrets: OrganisationSecrets) -> None:
    """Whoever can write to the database cannot give one organisation another's account."""
    await secrets.set("acme", Kind.DEEPL, ONE, "key:1")
    async with store.transaction() as db:
        await db.execute(update(SecretRow).values(organisation="bravo"))
    with pytest.raises(ServiceError, match="set it again"):
        await secrets.third_parties("bravo")
