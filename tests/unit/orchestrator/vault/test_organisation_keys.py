"""Keys of organisations: what they cover, and what their deletion leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator.audit.chain.store import ChainStore
from orchestrator.database import open_engine
from orchestrator.organisations.store import OrganisationStore
from orchestrator.ownership import acting_for
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from orchestrator.vault.__main__ import Settings, retire, rotate
from orchestrator.vault.organisation_secrets import Kind
from orchestrator.vault.rotation import Rotation
from orchestrator.vault.store import VaultStore, open_vault
from orchestrator.vault.wrapping.chosen import ChosenWrapping
from servicekit.errors import ServiceError
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings
from tests.unit.orchestrator.sessions.test_store import row


@pytest.fixture
def settings(database: DatabaseSettings, tmp_path: Path) -> Settings:
    url = database.database_url.get_secret_value()
    return Settings(INTERVIEW_DATABASE_URL=url, INTERVIEW_KEY_ENCRYPTION_FILE=str(tmp_path / "state" / "keys"))


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(settings))
    for name in ("acme", "bravo"):
        await OrganisationStore(opened._engine).create(name, name)
    yield opened
    await opened.close()


@pytest.fixture
def vault(store: SessionStore, settings: Settings) -> VaultStore:
    return open_vault(store._engine, settings)


@pytest.fixture
def media(vault: VaultStore, tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")), keys=vault)


async def recorded(store: SessionStore, media: MediaStore, number: int, organisation: str) -> Media:
    """A session with an object."""
    with acting_for(organisation):
        session = row(number)
        await media.begin(f"sessions/{session.id}")
        await store.create(session)
        return await media.write(f"sessions/{session.id}/0/transcript.json", b"{}")


async def reason(awaited: object) -> str:
    with pytest.raises(ServiceError) as raised:
        await awaited  # type: ignore[misc]
    return str(raised.value.reason)


async def test_a_deleted_key_makes_its_sessions_unreadable_and_says_so(
    store: SessionStore, vault: VaultStore, media: MediaStore
) -> None:
    keys = vault.organisation_keys
    before, others = await recorded(store, media, 1, "acme"), await recorded(store, media, 2, "bravo")
    made = await keys.make("acme", "", "key:1")
    after = await recorded(store, media, 3, "acme")
    assert await keys.covered("acme") == (1, 2)
    assert await keys.cover(10) == 1
    assert await keys.cover(10) == 0
    assert (await keys.covered("acme"), await keys.covered("bravo")) == ((2, 2), (0, 1))
    assert [await media.read(each.uri) for each in (before, after, others)] == [b"{}"] * 3
    assert await reason(keys.make("acme", "", "key:1")) == "ORGANISATION_KEY_EXISTS"

    await keys.delete("acme", "key:1")
    for each in (before, after):
        with pytest.raises(ServiceError, match=r"encryption key was deleted on 20.*never be read") as told:
            await media.read(each.uri)
        assert told.value.reason == "ORGANISATION_KEY_DELETED"
    assert await media.read(others.uri) == b"{}"
    assert await reason(keys.delete("acme", "key:1")) == "ORGANISATION_KEY_NOT_FOUND"
    assert await media.read((await recorded(store, media, 4, "acme")).uri) == b"{}"  # by the installation's again
    with acting_for("acme"):
        chain = [entry.content for entry in await ChainStore(store).after(0, 100)]
    told_of = [entry for entry in chain if made.id in entry]
    assert ["made" in entry or "deleted" in entry for entry in told_of] == [True, True]


async def test_a_rotation_wraps_keys_and_secrets_of_organisations_anew(
    store: SessionStore, vault: VaultStore, media: MediaStore, settings: Settings
) -> None:
    await vault.organisation_keys.make("acme", "", "key:1")
    await vault.secrets.set("acme", Kind.DEEPL, "deepl-geheim", "key:1")
    await vault.secrets.set("acme", Kind.WEBHOOK, "webhook-geheim-eins", "key:1")
    theirs = await recorded(store, media, 1, "acme")
    rotation = Rotation(store._engine, ChosenWrapping(settings))
    old = await rotation.current()
    assert (await rotation.counts())[old] == 3
    assert await rotate(rotation, settings) == 0
    assert old not in await rotation.counts()
    assert await retire(rotation, settings, now=True) == 0
    assert len(settings.key_encryption_file.read_text().split()) == 1
    again = open_vault(store._engine, settings)
    assert await again.secrets.third_parties("acme") == {Kind.DEEPL: "deepl-geheim"}
    assert await again.secrets.signing("acme", "") == ["webhook-geheim-eins"]
    assert await media.read(theirs.uri) == b"{}"


async def test_a_damaged_key_is_an_error_of_its_own_organisation(
    store: SessionStore, vault: VaultStore, media: MediaStore
) -> None:
    key = await vault.organisation_keys.make("acme", "", "key:1")
    theirs, others = await recorded(store, media, 1, "acme"), await recorded(store, media, 2, "bravo")
    async with store.transaction() as db:
        (await db.merge(key)).wrapped = b"damaged"
    assert await reason(media.read(theirs.uri)) == "KEY_UNREADABLE"
    with acting_for("acme"):
        assert await reason(media.begin(f"sessions/{row(9).id}")) == "KEY_UNREADABLE"
    assert await media.read(others.uri) == b"{}"
