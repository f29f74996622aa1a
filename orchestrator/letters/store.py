"""Letters in the session database."""

from __future__ import annotations

from datetime import UTC, datetime

import grpc
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.tables import AuditAction, audit_row
from orchestrator.invitations.tables import InvitationRow
from orchestrator.letters.phrases import CLOSE, OPEN
from orchestrator.letters.tables import LetterRow, LetterState
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.store import SessionStore, not_found, touch
from orchestrator.sessions.tables import SessionRow
from orchestrator.texts.sealing import Sealing
from servicekit.errors import ServiceError


class LetterStore:
    """Letters by session id. The audit says who did what with them, and nothing of what they say."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def find(self, session_id: str) -> LetterRow | None:
        """The letter of a session, or None. Raises KEY_MISSING, KEY_UNREADABLE, TEXT_CORRUPT."""
        async with self._sessions.transaction() as db:
            row = await db.get(LetterRow, session_id)
        if row is not None:
            (await self._sessions.texts.sealing(session_id)).open(row)
        return row

    async def existing(self, session_id: str) -> LetterRow:
        """The letter of a session. Raises LETTER_NOT_FOUND."""
        if (row := await self.find(session_id)) is None:
            raise _not_found()
        return row

    async def invited(self, session_id: str) -> tuple[bool, str]:
        """Whether the session came by a link, and the language that the candidate was invited in, or empty."""
        async with self._sessions.transaction() as db:
            under_link = await db.scalar(select(LinkRow.id).where(LinkRow.id == session_id)) is not None
            invited = await db.scalar(select(InvitationRow.language).where(InvitationRow.id == session_id))
        return under_link, invited or ""

    async def draft(self, session_id: str, language: str, text: str, author: str) -> LetterRow:
        """Record a draft in the place of one that is there. Raises LETTER_SENT."""
        now, sealing = datetime.now(UTC), await self._sessions.texts.sealing(session_id)
        async with self._sessions.transaction() as db:
            row = await _locked(db, session_id)
            if row is None:
                row = LetterRow(session_id=session_id, revision=0, created_at=now)
                db.add(row)
            row.language, row.author = language, author
            row.text = sealing.value(LetterRow, "text", (session_id,), text)
            row.state, row.updated_at, row.revision = LetterState.DRAFT, now, row.revision + 1
            db.add(audit_row(session_id, author, AuditAction.LETTER_DRAFTED))
        sealing.open(row)
        return row

    async def edit(self, session_id: str, revision: int, text: str, author: str) -> LetterRow:
        """Record a person's text. Raises LETTER_NOT_FOUND, LETTER_CHANGED, LETTER_SENT."""
        sealing = await self._sessions.texts.sealing(session_id)
        async with self._sessions.transaction() as db:
            row = _read(await _locked(db, session_id), revision)
            row.text = sealing.value(LetterRow, "text", (session_id,), text)
            row.author, row.state = author, LetterState.EDITED
            row.updated_at, row.revision = datetime.now(UTC), row.revision + 1
            db.add(audit_row(session_id, author, AuditAction.LETTER_EDITED))
        sealing.open(row)
        return row

    async def send(self, session_id: str, revision: int, sender: str, way: str) -> LetterRow:
        """Record that it was sent. Raises LETTER_NOT_FOUND, LETTER_CHANGED, LETTER_SENT, LETTER_UNFINISHED."""
        sealing = await self._sessions.texts.sealing(session_id)
        async with self._sessions.transaction() as db:
            row = _sendable(await _locked(db, session_id), revision, sealing)
            row.sender, row.sent_at, row.way = sender, datetime.now(UTC), way
            row.state, row.revision = LetterState.SENT, row.revision + 1
            db.add(audit_row(session_id, sender, AuditAction.LETTER_SENT, details=way.lower()))
        sealing.open(row)
        return row

    async def check(self, session_id: str, revision: int) -> LetterRow:
        """The letter, if it could be sent. Raises as `send` does."""
        sealing = await self._sessions.texts.sealing(session_id)
        async with self._sessions.transaction() as db:
            row = _sendable(await _locked(db, session_id), revision, sealing)
        sealing.open(row)
        return row


async def _locked(db: AsyncSession, session_id: str) -> LetterRow | None:
    """Nobody else changes the session meanwhile. Raises SESSION_NOT_FOUND, LETTER_SENT."""
    await touch(db, session_id)
    if await db.scalar(select(SessionRow.id).where(SessionRow.id == session_id)) is None:
        raise not_found()
    row = await db.get(LetterRow, session_id, populate_existing=True)
    if row is not None and row.state == LetterState.SENT:
        raise _sent()
    return row


def _read(row: LetterRow | None, revision: int) -> LetterRow:
    if row is None:
        raise _not_found()
    if row.revision != revision:
        raise _changed()
    return row


def _sendable(row: LetterRow | None, revision: int, sealing: Sealing) -> LetterRow:
    found = _read(row, revision)
    text = sealing.opened(found, "text")
    if OPEN in text or CLOSE in text:
        raise _unfinished()
    return found


def _not_found() -> ServiceError:
    message = "There is no letter for this session yet: draft one."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "LETTER_NOT_FOUND", message)


def _changed() -> ServiceError:
    message = "Somebody else has changed the letter meanwhile. Read it again."
    return ServiceError(grpc.StatusCode.ABORTED, "LETTER_CHANGED", message)


def _sent() -> ServiceError:
    message = "The letter has been sent and stays as it is."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "LETTER_SENT", message)


def _unfinished() -> ServiceError:
    message = f"The letter is not finished: write what is asked between {OPEN} and {CLOSE}, or delete it."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "LETTER_UNFINISHED", message)
