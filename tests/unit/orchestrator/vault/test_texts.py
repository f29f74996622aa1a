"""What people write about candidates is encrypted in the database, and opened where it is shown."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

import orchestrator.api  # noqa: F401 - with it come the tables of every feature
from orchestrator.audit.personal import PersonalData
from orchestrator.audit.reasons import Reasons
from orchestrator.letters.store import LetterStore
from orchestrator.letters.tables import LetterRow
from orchestrator.notes.store import NoteStore
from orchestrator.notes.tables import CommentRow
from orchestrator.ownership import acting_for
from orchestrator.reviews.tables import ReviewRow
from orchestrator.scorecards.store import ScorecardStore
from orchestrator.scorecards.tables import ScorecardRow
from orchestrator.sessions import recent
from orchestrator.sessions.recent import RecentSessions
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from orchestrator.sweep import Sweep
from orchestrator.vault.__main__ import Settings
from orchestrator.vault.store import open_vault
from tests.support.writing import (
    ALL,
    COMMENT,
    ID,
    KEPT,
    OVERRIDE,
    REASON,
    WORDS,
    begun,
    discussed,
    opened,
    reason_of,
    rows,
    said,
    values,
)
from tests.unit.orchestrator.sessions.test_store import row


@pytest.fixture
def settings(database: DatabaseSettings, tmp_path: Path) -> Settings:
    url = database.database_url.get_secret_value()
    return Settings(INTERVIEW_DATABASE_URL=url, INTERVIEW_KEY_ENCRYPTION_FILE=str(tmp_path / "state" / "keys"))


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[SessionStore]:
    store = opened(settings)
    yield store
    await store.close()


async def test_it_reads_as_it_was_written_and_no_word_of_it_is_in_a_dump(
    store: SessionStore, settings: Settings
) -> None:
    await begun(store, settings)
    await discussed(store)
    assert await said(store) == ALL
    [reason] = await Reasons(store).of(ID)
    assert REASON in reason.reason
    assert OVERRIDE in reason.reason
    assert len(reason.nonce) == 64
    told = await rows(store)
    assert [word for word in WORDS if word in told] == []
    assert reason.nonce not in told  # else a short reason could be guessed from the chain
    assert len(await values(store)) == 9
    export = "".join([text async for _, text in PersonalData(store).of(ID)])
    assert [word for word in (*WORDS, reason.nonce) if word not in export] == []
    off = opened(settings, encryption=False)  # what is sealed stays readable
    assert await said(off) == ALL
    await NoteStore(off).add_comment(ID, "Rina", "key:1", "terbuka")
    assert "terbuka" in await rows(store)
    assert [comment.text for comment in await NoteStore(store).comments(ID)] == [COMMENT, "terbuka"]
    await off.close()


async def test_no_text_can_stand_in_for_another(store: SessionStore, settings: Settings) -> None:
    await begun(store, settings)
    await begun(store, settings, 1)
    await discussed(store)
    await discussed(store, KEPT)
    second = await NoteStore(store).add_comment(ID, "Rina", "key:1", "kedua")
    async with store.transaction() as db:
        texts = {c.id: c.text for c in await db.scalars(select(CommentRow).where(CommentRow.session_id == ID))}
        [first] = texts.keys() - {second.id}
        others = await db.scalar(select(LetterRow.text).where(LetterRow.session_id == KEPT))
        for comment_id, text in ((first, texts[second.id]), (second.id, texts[first])):  # of the same session
            await db.execute(update(CommentRow).where(CommentRow.id == comment_id).values(text=text))
        rated = update(ScorecardRow).where(ScorecardRow.session_id == ID)
        await db.execute(rated.values(reason=texts[first]))  # of another table
        await db.execute(update(LetterRow).where(LetterRow.session_id == ID).values(text=others))  # of another session
        await db.execute(update(ReviewRow).where(ReviewRow.session_id == ID).values(reason="\x1fsealed:%%%"))
    refused = "[This text cannot be read: it was changed"
    assert [c.text[: len(refused)] for c in await NoteStore(store).comments(ID)] == [refused] * 2
    assert [c.reason[: len(refused)] for c in await ScorecardStore(store).of(ID)] == [refused]
    assert (await store.shown(ID)).reviews[0].reason.startswith(refused)
    assert await reason_of(LetterStore(store).find(ID)) == "TEXT_CORRUPT"
    assert await said(store, KEPT) == ALL


async def test_sessions_without_a_key_stay_as_they_are(store: SessionStore) -> None:
    await store.create(row())
    await discussed(store)
    assert await said(store) == ALL
    assert {at.split("/")[1] for at in await values(store)} == {"decision_reasons"}  # whose keys are their own


async def test_what_was_written_before_is_sealed(store: SessionStore, settings: Settings) -> None:
    before = opened(settings, encryption=False)
    await begun(store, settings)
    await discussed(before)
    await store.create(row(1))  # begun while encryption was off
    await NoteStore(before).add_comment(KEPT, "Rina", "key:1", "tetap terbuka")
    await before.close()
    assert not await values(store)
    command = [sys.executable, "-m", "orchestrator.vault", "seal-texts"]
    url, keys = settings.database_url.get_secret_value(), str(settings.key_encryption_file)
    environment = {**os.environ, "INTERVIEW_DATABASE_URL": url, "INTERVIEW_KEY_ENCRYPTION_FILE": keys}
    told = [await asyncio.to_thread(subprocess.check_output, command, env=environment, text=True) for _ in range(2)]
    assert told == ["7 rows encrypted\n", "0 rows encrypted\n"]
    dump = await rows(store)
    assert [word for word in WORDS if word in dump] == []
    assert "tetap terbuka" in dump
    assert await said(store) == ALL
    assert REASON in (await Reasons(store).of(ID))[0].reason
    later = opened(settings, encryption=False)
    await NoteStore(later).add_comment(ID, "Rina", "key:1", "belakangan")  # by a process of the version before
    await later.close()
    vault = open_vault(store._engine, settings)
    assert await Sweep(store, None, None, "", vault=vault).texts() == 0  # type: ignore[arg-type]
    assert "belakangan" not in await rows(store)
    if url.startswith("sqlite"):
        folder = Path(url.partition("///")[2]).parent
        left = [path.read_bytes() for path in folder.iterdir()]
        assert [word for word in WORDS if any(word.encode() in content for content in left)] == []


async def test_what_an_organisations_deleted_key_covered_says_so(
    store: SessionStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = open_vault(store._engine, settings).organisation_keys
    await keys.make("default", "", "key:1")
    await begun(store, settings)
    await begun(store, settings, 1)
    await discussed(store)
    monkeypatch.setattr(recent, "OPENED_S", 0.0)  # as if a minute had passed
    pages = RecentSessions(store)
    shown = await pages.get(ID)
    assert shown is not None
    assert shown[1].review.reason == REASON
    await keys.delete("default", "key:1")
    again = await pages.get(ID)
    assert again is not None
    assert again[1].review.reason.startswith("[The organisation's encryption key was deleted")
    assert await store.open(await store.page(10, None)) == 2  # the list is there
    assert await reason_of(NoteStore(store).add_comment(ID, "Rina", "key:1", "x")) == "ORGANISATION_KEY_DELETED"
    with acting_for("acme"):
        assert await reason_of(NoteStore(store).add_comment(ID, "Budi", "key:2", "x")) == "SESSION_NOT_FOUND"
