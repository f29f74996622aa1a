"""What a deletion leaves of what people wrote, in copies of the database."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

import orchestrator.api  # noqa: F401 - with it come the tables of every feature
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.audit.reasons import Reasons
from orchestrator.audit.tables import DecisionReasonRow
from orchestrator.letters.store import LetterStore
from orchestrator.notes.store import NoteStore
from orchestrator.scorecards.store import ScorecardStore
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from orchestrator.texts.sealed import opened_value
from orchestrator.vault.__main__ import Settings, retire, rotate
from orchestrator.vault.rotation import Rotation
from orchestrator.vault.store import open_vault
from orchestrator.vault.tables import DataKeyRow
from orchestrator.vault.wrapping.chosen import ChosenWrapping
from orchestrator.vault.wrapping.local import parse
from servicekit.storage.segments import DamagedError, DataKey
from tests.support.signing import signer
from tests.support.writing import (
    ID,
    KEPT,
    REASON,
    WORDS,
    begun,
    discussed,
    opened,
    reason_of,
    values,
)


@pytest.fixture
def settings(database: DatabaseSettings, tmp_path: Path) -> Settings:
    url = database.database_url.get_secret_value()
    return Settings(INTERVIEW_DATABASE_URL=url, INTERVIEW_KEY_ENCRYPTION_FILE=str(tmp_path / "state" / "keys"))


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[SessionStore]:
    store = opened(settings)
    yield store
    await store.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_copy_of_the_database_says_nothing_after_a_deletion(
    store: SessionStore, settings: Settings, tmp_path: Path
) -> None:
    await begun(store, settings)
    await begun(store, settings, 1)
    await discussed(store)
    file = Path(settings.database_url.get_secret_value().partition("///")[2])
    copy = tmp_path / "copy"
    shutil.copytree(file.parent, copy)  # with its log, in which all of this was written
    contents = {path.name: path.read_bytes() for path in copy.iterdir()}
    assert len(contents[f"{file.name}-wal"]) > 0
    for name, content in contents.items():
        assert [word for word in WORDS if word.encode() in content] == [], name
    assert any(b"Siti" in content for content in contents.values())  # names are in clear, as the documentation says
    before = await values(store)

    receipts = Receipts(store)
    await receipts.expect(ID, [])
    await receipts.delete(ID, signer())
    assert REASON in (await Reasons(store).of(ID))[0].reason  # kept for its time, with a key of its own
    async with store.transaction() as db:
        await db.execute(update(DecisionReasonRow).values(ends_at=datetime.now(UTC)))
    assert await Reasons(store).forget_ended() == 1
    async with store.transaction() as db:
        assert list(await db.scalars(select(DataKeyRow.folder))) == [f"sessions/{KEPT}"]
    rotation = Rotation(store._engine, ChosenWrapping(settings))
    await rotate(rotation, settings)
    await retire(rotation, settings, now=True)

    for tried in await everything_left(store, settings):
        for at, value in before.items():
            with pytest.raises(DamagedError):
                opened_value(value, tried, at)
    url = f"sqlite+aiosqlite:///{copy / file.name}"
    there = opened(Settings(INTERVIEW_DATABASE_URL=url, INTERVIEW_KEY_ENCRYPTION_FILE=settings.key_encryption_file))
    session = await there.shown(ID)
    reads = [session.objection, session.reviews[0].reason, (await Reasons(there).of(ID))[0].reason]
    reads += [comment.text for comment in await NoteStore(there).comments(ID)]
    reads += [card.reason for card in await ScorecardStore(there).of(ID)]
    assert len(reads) == 5
    assert all(text.startswith("[This cannot be read: its key is damaged, or the key") for text in reads)
    assert await reason_of(LetterStore(there).find(ID)) == "KEY_UNREADABLE"
    async with there.transaction() as db:  # a copy without its keys
        await db.execute(delete(DataKeyRow))
    [comment] = await NoteStore(there).comments(ID)
    assert comment.text == "[This cannot be read: it is encrypted, and its key is not there. See docs/encryption.md.]"
    assert await reason_of(LetterStore(there).find(ID)) == "KEY_MISSING"
    await there.close()


async def everything_left(store: SessionStore, settings: Settings) -> list[DataKey]:
    """Every key there still is, used as if it were the deleted session's."""
    kept = await open_vault(store._engine, settings).find(f"sessions/{KEPT}")
    assert kept is not None
    secrets = [kept.secret, *parse(settings.key_encryption_file.read_text())]
    return [DataKey(b"", secret) for secret in secrets]


async def test_keys_of_reasons_go_with_the_last_of_them(store: SessionStore, settings: Settings) -> None:
    vault = open_vault(store._engine, settings)
    await begun(store, settings)
    await discussed(store)
    await vault.make(f"reasons/{'a' * 32}")  # of a decision that was interrupted
    later = datetime.now(UTC) + timedelta(days=1)
    assert await vault.without_session(later, 10) == []  # no sweep over objects takes them
    assert await Reasons(store).forget_ended() == 0
    assert await vault.find(f"reasons/{'a' * 32}") is not None
    async with store.transaction() as db:
        await db.execute(update(DataKeyRow).values(created_at=datetime.now(UTC) - timedelta(days=1)))
    assert await Reasons(store).forget_ended() == 0
    assert await vault.find(f"reasons/{'a' * 32}") is None
    assert REASON in (await Reasons(store).of(ID))[0].reason


async def test_without_a_time_of_its_own_a_reasons_key_goes_with_the_session(
    store: SessionStore, settings: Settings
) -> None:
    await begun(store, settings)
    await discussed(store)
    async with store.transaction() as db:
        await db.execute(update(DecisionReasonRow).values(ends_at=datetime.now(UTC)))
    receipts = Receipts(store)
    await receipts.expect(ID, [])
    await receipts.delete(ID, signer())
    async with store.transaction() as db:
        assert list(await db.scalars(select(DataKeyRow.folder))) == []
    assert '"destroyed":2' in (await receipts.find(ID)).replace(" ", "")
