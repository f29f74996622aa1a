"""The session database: everything the orchestrator reads and writes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

import orchestrator.audit.chain.append  # noqa: F401 - appends audit entries to the chain as they are committed
from orchestrator.audit.chain.tables import ReceiptRow
from orchestrator.audit.tables import SYSTEM, AuditAction, AuditRow, audit_row
from orchestrator.database import open_sessions
from orchestrator.events.outbox import announcements
from orchestrator.events.tables import DeliveryRow
from orchestrator.reviews.tables import ReviewRow
from orchestrator.sessions.search import search_key
from orchestrator.sessions.states import (
    ENDED_ANSWER,
    ENDED_SESSION,
    STAGES,
    AnswerState,
    SessionState,
    StageState,
)
from orchestrator.sessions.tables import AnswerRow, SessionRow, StageRow
from orchestrator.texts.sealed import Sealed
from orchestrator.texts.sealing import Keys, Texts
from servicekit.errors import ServiceError
from servicekit.media import Media

UNREAD: Mapping[str, object] = {"outcome": ""}
"""What lists show of a result that is still to be read for it."""


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions: part of the name or id, states, who submitted, the job; what is empty does not matter."""

    text: str = ""
    state: str = ""
    review_state: str = ""
    owner: str = ""
    job_id: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """For a query over sessions."""
        if self.text:
            named = SessionRow.candidate_search.contains(search_key(self.text), autoescape=True)
            # Rows that a process of the version before has made during an update.
            unfolded = (SessionRow.candidate_search == "") & SessionRow.candidate_name.icontains(
                self.text, autoescape=True
            )
            yield named | unfolded | SessionRow.id.contains(self.text.lower(), autoescape=True)
        if self.state:
            yield SessionRow.state == self.state
        if self.review_state:
            yield SessionRow.review_state == self.review_state
        if self.owner:
            yield SessionRow.owner == self.owner
        if self.job_id:
            yield SessionRow.job_id == self.job_id


class SessionStore:
    """Rows by session id. Every change bumps the session's `revision`."""

    def __init__(self, engine: AsyncEngine, keys: Keys | None = None) -> None:
        """Use an engine from `database.open_engine`. Every method raises UPSTREAM_DOWN while the database is away.

        `keys` of sessions, where words about persons are to be written or read.
        """
        self._engine, self.texts = engine, Texts(keys)
        self._sessions = open_sessions(engine)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def create(self, row: SessionRow, *told: DeliveryRow) -> bool:
        """Insert a new session and what is told of it; False when its id exists already."""
        try:
            async with self.transaction() as db:
                db.add(row)
                await db.flush()
                db.add(audit_row(row.id, SYSTEM, AuditAction.SUBMITTED))
                db.add_all(told)
        except IntegrityError:
            return False
        return True

    async def get(self, session_id: str) -> SessionRow | None:
        """The session with its answers and stages, or None."""
        async with self._sessions() as db:
            return await db.get(SessionRow, session_id)

    async def existing(self, session_id: str) -> SessionRow:
        """The session with its answers and stages. Raises SESSION_NOT_FOUND, SESSION_DELETED."""
        row = await self.get(session_id)
        if row is None:
            raise await self.missing(session_id)
        return row

    async def shown(self, session_id: str) -> SessionRow:
        """The same, with what people said of it opened. Raises SESSION_NOT_FOUND, SESSION_DELETED."""
        row = await self.existing(session_id)
        await self.open([row])
        return row

    async def open(self, rows: Sequence[SessionRow]) -> int:
        """Open what people said of these sessions; returns how many rows were encrypted."""
        written: list[Sealed] = [*rows, *(review for row in rows for review in row.reviews)]
        return await self.texts.open(written)

    async def missing(self, session_id: str) -> ServiceError:
        """What is said of a session that is not there: whether there was one."""
        query = select(ReceiptRow.id).where(ReceiptRow.session_id == session_id, ReceiptRow.receipt != "").limit(1)
        async with self._sessions() as db:
            return not_found() if await db.scalar(query) is None else was_deleted()

    async def revision(self, session_id: str) -> int | None:
        """The session's revision, or None when it is gone."""
        async with self._sessions() as db:
            return await db.scalar(select(SessionRow.revision).where(SessionRow.id == session_id))

    async def page(
        self, size: int, before: tuple[datetime, str] | None, wanted: SessionFilter | None = None
    ) -> list[SessionRow]:
        """Up to `size` sessions that are wanted, newest first, older than `before` (creation time and id)."""
        query = select(SessionRow).order_by(SessionRow.created_at.desc(), SessionRow.id.desc()).limit(size)
        query = query.where(*(wanted or SessionFilter()).conditions())
        if before is not None:
            moment, session_id = before
            query = query.where(
                (SessionRow.created_at < moment) | ((SessionRow.created_at == moment) & (SessionRow.id < session_id))
            )
        async with self._sessions() as db:
            return list(await db.scalars(query))

    async def set_session(
        self, session_id: str, state: SessionState, message: str = "", retention: timedelta | None = None
    ) -> None:
        """Move a session that has not ended; one that has ended stays as it is. `retention`: from now on."""
        ended = datetime.now(UTC) if state in ENDED_SESSION else None
        kept = {} if retention is None else {"retention_end_at": datetime.now(UTC) + retention}
        async with self.transaction() as db:
            changed = await db.execute(
                update(SessionRow)
                .where(SessionRow.id == session_id, SessionRow.state.not_in(ENDED_SESSION))
                .values(state=state, message=message, ended_at=ended, started_at=_known(SessionRow.started_at), **kept)
            )
            if changed.rowcount:  # type: ignore[attr-defined]
                await touch(db, session_id)

    async def publish(
        self,
        session_id: str,
        state: SessionState,
        message: str,
        result: Media,
        retention: timedelta,
        shown: Mapping[str, object] = UNREAD,
    ) -> bool:
        """End a session with its result and what lists show of it; publishing again replaces both.

        False when there is nothing to publish to: the session was cancelled or deleted meanwhile.
        """
        now = datetime.now(UTC)
        async with self.transaction() as db:
            changed = await db.execute(
                update(SessionRow)
                .where(SessionRow.id == session_id, SessionRow.state != SessionState.CANCELLED)
                .values(
                    state=state,
                    message=message,
                    result=dataclasses.asdict(result),
                    ended_at=now,
                    retention_end_at=now + retention,
                    **shown,
                )
            )
            if not changed.rowcount:  # type: ignore[attr-defined]
                return False
            db.add(audit_row(session_id, SYSTEM, AuditAction.PUBLISHED, details=f"result {result.sha256}"))
            await touch(db, session_id)
        return True

    async def set_answer(
        self, session_id: str, index: int, state: AnswerState, reason: str = "", message: str = ""
    ) -> None:
        """Move an answer."""
        values = {"state": state, "error_reason": reason, "error_message": message}
        await self._update_answer(session_id, index, values)

    async def set_media(self, session_id: str, index: int, media: Media | None) -> None:
        """Record where an answer's recording is; None once it is deleted."""
        gone = {"media": None, "recording_end_at": None}
        await self._update_answer(session_id, index, {"media": dataclasses.asdict(media)} if media else gone)

    async def set_recording_end(self, session_id: str, index: int, end: datetime) -> None:
        """Record until when an answer's recording is kept."""
        await self._update_answer(session_id, index, {"recording_end_at": end})

    async def set_stage(self, session_id: str, index: int, name: str, **values: Any) -> None:
        """Change columns of one stage."""
        async with self.transaction() as db:
            await db.execute(
                update(StageRow)
                .where(StageRow.session_id == session_id, StageRow.answer_index == index, StageRow.name == name)
                .values(**values)
            )
            await touch(db, session_id)

    async def overdue(self) -> int:
        """How many sessions still exist though their retention time has ended; at most a thousand."""
        late = select(SessionRow.id).where(SessionRow.retention_end_at < datetime.now(UTC)).limit(1000)
        async with self._sessions() as db:
            return await db.scalar(select(func.count()).select_from(late.subquery())) or 0

    async def cancel_open(self, session_id: str, retention: timedelta) -> None:
        """Mark a session and its unfinished answers and stages as stopped; one that has ended stays as it is."""
        row = await self.get(session_id)
        if row is not None and row.state in ENDED_SESSION:
            return
        async with self.transaction() as db:
            await db.execute(
                update(AnswerRow)
                .where(AnswerRow.session_id == session_id, AnswerRow.state.not_in(ENDED_ANSWER))
                .values(state=AnswerState.CANCELLED)
            )
            await db.execute(
                update(StageRow)
                .where(StageRow.session_id == session_id, StageRow.state.in_((StageState.PENDING, StageState.RUNNING)))
                .values(state=StageState.SKIPPED)
            )
            if await db.get(SessionRow, session_id) is not None:  # else it was deleted meanwhile
                db.add(audit_row(session_id, SYSTEM, AuditAction.CANCELLED))
        await self.set_session(session_id, SessionState.CANCELLED, "Cancelled.", retention)

    async def delete(self, session_id: str) -> None:
        """Delete every row of a session; whoever follows it is told."""
        async with self.transaction() as db:
            if (row := await db.get(SessionRow, session_id)) is not None:
                db.add_all(announcements("deleted", row.told))
                db.expunge(row)
            for table, column in (
                (StageRow, StageRow.session_id),
                (AnswerRow, AnswerRow.session_id),
                (ReviewRow, ReviewRow.session_id),
                (AuditRow, AuditRow.session_id),
                (SessionRow, SessionRow.id),
            ):
                await db.execute(delete(table).where(column == session_id))

    async def _update_answer(self, session_id: str, index: int, values: dict[str, Any]) -> None:
        async with self.transaction() as db:
            await db.execute(
                update(AnswerRow).where(AnswerRow.session_id == session_id, AnswerRow.index == index).values(**values)
            )
            await touch(db, session_id)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Changes that are made together or not at all."""
        async with self._sessions() as db, db.begin():
            yield db


def _known(moment: InstrumentedAttribute[datetime | None]) -> ColumnElement[datetime]:
    return func.coalesce(moment, datetime.now(UTC))


def new_stages(session_id: str, index: int, fetched: bool, translated: bool = True) -> list[StageRow]:
    """The stages of a new answer: is its recording downloaded first, is it translated without being asked for?"""
    skipped = {name for name, needed in (("fetch", fetched), ("translate", translated)) if not needed}
    return [
        StageRow(
            session_id=session_id,
            answer_index=index,
            name=name,
            position=position,
            state=StageState.SKIPPED if name in skipped else StageState.PENDING,
        )
        for position, name in enumerate(STAGES)
    ]


async def touch(db: AsyncSession, session_id: str) -> None:
    """Tell those who watch a session that it has changed."""
    await db.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id)
        .values(revision=SessionRow.revision + 1, updated_at=datetime.now(UTC))
    )


def not_found() -> ServiceError:
    """What is said of a session that is not there."""
    return ServiceError(grpc.StatusCode.NOT_FOUND, "SESSION_NOT_FOUND", "There is no such session.")


def was_deleted() -> ServiceError:
    """What is said of a session that was there."""
    message = "This session was deleted. Its receipt says what was deleted and when."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "SESSION_DELETED", message)
