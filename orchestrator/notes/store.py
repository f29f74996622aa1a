"""The shortlist and comments in the session database."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import grpc
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.tables import AuditAction, audit_row
from orchestrator.notes.tables import CommentRow
from orchestrator.sessions.store import SessionStore, not_found, touch
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError

MOST = 200
"""Comments on one session."""


class NoteStore:
    """Notes by session id. Every method that changes something raises SESSION_NOT_FOUND."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def set_shortlisted(self, session_id: str, shortlisted: bool, actor: str) -> None:
        """Put on the shortlist or take off it; what is so already is not recorded again."""
        on = SessionRow.shortlisted_at.is_not(None)
        wanted = update(SessionRow).where(SessionRow.id == session_id, ~on if shortlisted else on)
        action = AuditAction.SHORTLISTED if shortlisted else AuditAction.UNLISTED
        async with self._sessions.transaction() as db:
            await _locked(db, session_id)
            changed = await db.execute(wanted.values(shortlisted_at=datetime.now(UTC) if shortlisted else None))
            if changed.rowcount:  # type: ignore[attr-defined]
                db.add(audit_row(session_id, actor, action))

    async def add_comment(self, session_id: str, author: str, author_id: str, text: str) -> CommentRow:
        """Record a comment. Raises COMMENTS_FULL."""
        row = CommentRow(
            id=uuid.uuid4().hex,
            session_id=session_id,
            author=author,
            author_id=author_id,
            text=text,
            created_at=datetime.now(UTC),
        )
        if await self._sessions.revision(session_id) is None:  # nothing is said of the key of another organisation's
            raise not_found()
        sealing = await self._sessions.texts.sealing(session_id)
        async with self._sessions.transaction() as db:
            await _locked(db, session_id)
            count = select(func.count()).select_from(CommentRow).where(CommentRow.session_id == session_id)
            if (await db.scalar(count) or 0) >= MOST:
                raise _full()
            await sealing.add(db, row)
            db.add(audit_row(session_id, author, AuditAction.COMMENTED))
        sealing.open(row)
        return row

    async def comments(self, session_id: str) -> list[CommentRow]:
        """Every comment on a session, oldest first."""
        query = select(CommentRow).where(CommentRow.session_id == session_id)
        async with self._sessions.transaction() as db:
            rows = list(await db.scalars(query.order_by(CommentRow.created_at, CommentRow.id)))
        await self._sessions.texts.open(rows)
        return rows

    async def delete_comment(self, session_id: str, comment_id: str, actor: str, author_id: str) -> None:
        """Delete a comment of an author (empty: of whoever). Raises COMMENT_NOT_FOUND."""
        wanted = [CommentRow.id == comment_id, CommentRow.session_id == session_id]
        if author_id:
            wanted.append(CommentRow.author_id == author_id)
        async with self._sessions.transaction() as db:
            await _locked(db, session_id)
            deleted = await db.execute(delete(CommentRow).where(*wanted))
            if not deleted.rowcount:  # type: ignore[attr-defined]
                raise comment_not_found()
            db.add(audit_row(session_id, actor, AuditAction.COMMENT_DELETED))


async def _locked(db: AsyncSession, session_id: str) -> None:
    """Nobody else changes the session meanwhile, and those who watch it hear of this. Raises SESSION_NOT_FOUND."""
    await touch(db, session_id)
    if await db.scalar(select(SessionRow.id).where(SessionRow.id == session_id)) is None:
        raise not_found()


def comment_not_found() -> ServiceError:
    """What is said of a comment that is not there, or somebody else's."""
    message = "There is no such comment, or somebody else wrote it."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "COMMENT_NOT_FOUND", message)


def _full() -> ServiceError:
    message = f"There are {MOST} comments on this session already. Delete some that are not needed any more."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "COMMENTS_FULL", message)
