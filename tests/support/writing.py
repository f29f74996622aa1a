"""What people write about candidates, through the stores that take it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

import orchestrator.api  # noqa: F401 - with it come the tables of every feature
from orchestrator.audit.store import AuditStore
from orchestrator.database import open_engine
from orchestrator.letters.store import LetterStore
from orchestrator.notes.store import NoteStore
from orchestrator.reviews.store import ReviewStore
from orchestrator.reviews.tables import ReviewRow
from orchestrator.scorecards.store import ScorecardStore
from orchestrator.scorecards.tables import ScorecardRow
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.wire import session_message
from orchestrator.tables import Base
from orchestrator.texts.sealed import is_sealed, kinds, place
from orchestrator.vault.__main__ import Settings
from orchestrator.vault.store import open_vault
from servicekit.errors import ServiceError
from tests.unit.orchestrator.sessions.test_store import row

ID, KEPT = row().id, row(1).id
COMMENT, RATED, LETTER, OBJECTION = "komentarnya", "penilaiannya", "suratnya", "keberatannya"
REASON, OVERRIDE = "alasannya", "radionya"
WORDS = (COMMENT, RATED, LETTER, OBJECTION, REASON, OVERRIDE)
OVERRIDES: list[dict[str, object]] = [
    {"answer_index": 0, "kind": "VERDICT", "target": "", "value": "Safe", "reason": OVERRIDE}
]


def opened(settings: Settings, **changes: Any) -> SessionStore:
    engine = open_engine(settings)
    return SessionStore(engine, open_vault(engine, settings.model_copy(update=changes)))


async def begun(store: SessionStore, settings: Settings, number: int = 0) -> None:
    """A session with a key."""
    session = row(number)
    await open_vault(store._engine, settings).make(f"sessions/{session.id}")
    session.candidate_name = "Siti"
    await store.create(session)


async def discussed(store: SessionStore, session_id: str = ID) -> None:
    """Whatever people can write about a candidate."""
    now = datetime.now(UTC)
    await NoteStore(store).add_comment(session_id, "Rina", "key:1", COMMENT)
    await ScorecardStore(store).add(
        ScorecardRow(
            session_id=session_id, author_id="key:1", author="Rina", ratings=[], recommendation="pass", reason=RATED,
            created_at=now,
        )
    )  # fmt: skip
    letters, reviews = LetterStore(store), ReviewStore(store)
    await letters.draft(session_id, "id", LETTER, "Rina")
    await letters.edit(session_id, 1, f"{LETTER} lagi", "Rina")
    await letters.send(session_id, 2, "Rina", "MAIL")
    await reviews.add(
        ReviewRow(
            session_id=session_id, reviewer="Rina", decision="pass", reason=REASON, overrides=OVERRIDES,
            proposal="pass", result_sha256="", created_at=now,
        )
    )  # fmt: skip
    assert await reviews.add_objection(session_id, "Siti", OBJECTION)


async def said(store: SessionStore, session_id: str = ID) -> list[str]:
    """What the stores read of it."""
    session = await store.shown(session_id)
    message = session_message(session)
    overrides = [override.reason for override in message.review.overrides]
    return [
        *[comment.text for comment in await NoteStore(store).comments(session_id)],
        *[card.reason for card in await ScorecardStore(store).of(session_id)],
        (await LetterStore(store).existing(session_id)).text,
        message.objection,
        *[entry.details for entry in await AuditStore(store).entries(session_id) if entry.action == "contested"],
        message.review.reason,
        *overrides,
    ]


ALL = [COMMENT, RATED, f"{LETTER} lagi", OBJECTION, OBJECTION, REASON, OVERRIDE]


async def rows(store: SessionStore) -> str:
    """Every value of every table, as a dump has them."""
    async with store.transaction() as db:
        found = [(await db.execute(select(table))).mappings().all() for table in Base.metadata.sorted_tables]
    return repr(found)


async def values(store: SessionStore) -> dict[str, str]:
    """What is encrypted, by its place."""
    found: dict[str, str] = {}
    async with store.transaction() as db:
        for kind in kinds():
            table = kind.__table__
            for each in (await db.execute(select(table))).mappings():
                identity = [each[column.name] for column in table.primary_key]
                found |= {place(table.name, c, identity): each[c] for c in kind.sealed if is_sealed(each[c])}
    return found


async def reason_of(awaited: object) -> str:
    with pytest.raises(ServiceError) as raised:
        await awaited  # type: ignore[misc]
    return str(raised.value.reason)
