"""Group questions, answers and kept reports in the session database. What one person has said never leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import grpc
from interview.impact.v1 import impact_service_pb2 as pb
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.candidates.filters import standing
from orchestrator.impact.characteristics import characteristic, checked, chosen, kept
from orchestrator.impact.report import Person
from orchestrator.impact.tables import GroupAnswerRow, GroupQuestionsRow, KeptReportRow
from orchestrator.invitations.tables import InvitationRow
from orchestrator.jobs.tables import JobRow
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError

OUTCOMES = ("pass", "consider", "fail")


class ImpactStore:
    """By job, and by the id that an invitation and its session share."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def questions(self, job_id: str) -> list[pb.Characteristic]:
        """What a job asks; nothing unless it was set."""
        async with self._sessions.transaction() as db:
            return await _asked(db, job_id)

    async def ask(self, job_id: str, given: Sequence[pb.Characteristic]) -> list[pb.Characteristic]:
        """Set what a job asks; answers go when it asks nothing any more. Raises FIELD_INVALID."""
        wanted = checked(given)
        async with self._sessions.transaction() as db:
            if wanted:
                row = {"characteristics": [kept(each) for each in wanted], "updated_at": datetime.now(UTC)}
                await db.merge(GroupQuestionsRow(job_id=job_id, **row))
            else:
                for table in (GroupQuestionsRow, GroupAnswerRow):
                    await db.execute(delete(table).where(table.job_id == job_id))
        return wanted

    async def opened(self, invitation_id: str) -> tuple[list[pb.Characteristic], bool]:
        """What a candidate is asked, and whether they have answered. Raises INVITATION_NOT_FOUND."""
        async with self._sessions.transaction() as db:
            asked = await _asked(db, await _job_of(db, invitation_id))
            return asked, await db.get(GroupAnswerRow, invitation_id) is not None

    async def answer(self, invitation_id: str, given: Sequence[pb.GroupAnswer]) -> bool:
        """Keep a candidate's answers; none: delete those before. Raises INVITATION_NOT_FOUND, FIELD_INVALID."""
        async with self._sessions.transaction() as db:
            job_id = await _job_of(db, invitation_id)
            groups = chosen(await _asked(db, job_id), given)
            if groups:
                row = GroupAnswerRow(session_id=invitation_id, job_id=job_id, groups=groups, given_at=datetime.now(UTC))
                await db.merge(row)
            else:
                await db.execute(delete(GroupAnswerRow).where(GroupAnswerRow.session_id == invitation_id))
        return bool(groups)

    async def people(self, job_id: str) -> list[Person]:
        """Everybody of a job who has a result, in no order that says who."""
        columns: tuple[Any, ...] = (SessionRow.outcome, SessionRow.total, standing(), GroupAnswerRow.groups)
        query = (
            select(*columns)
            .outerjoin(GroupAnswerRow, GroupAnswerRow.session_id == SessionRow.id)
            .where(SessionRow.job_id == job_id, SessionRow.outcome != "")
        )
        async with self._sessions.transaction() as db:
            return [_person(*row) for row in await db.execute(query)]

    async def kept(self, job_id: str) -> KeptReportRow | None:
        """The report from before candidates were deleted."""
        async with self._sessions.transaction() as db:
            return await db.get(KeptReportRow, job_id)

    async def keep(self, job_id: str, people: int, report: dict[str, Any]) -> None:
        """Keep a report."""
        row = KeptReportRow(job_id=job_id, people=people, report=report, created_at=datetime.now(UTC))
        async with self._sessions.transaction() as db:
            await db.merge(row)

    async def closed_job_of(self, session_id: str) -> JobRow | None:
        """The job of a session, if nobody is invited to it any more and it asks for groups."""
        now = datetime.now(UTC)
        query = (
            select(JobRow)
            .join(SessionRow, SessionRow.job_id == JobRow.id)
            .join(GroupQuestionsRow, GroupQuestionsRow.job_id == JobRow.id)
            .where(SessionRow.id == session_id, JobRow.archived_at.is_not(None) | (JobRow.closes_at <= now))
        )
        async with self._sessions.transaction() as db:
            found: JobRow | None = await db.scalar(query)
        return found

    async def forget_orphans(self) -> int:
        """Delete answers of links that ended long ago without a session; returns how many."""
        gone = GroupAnswerRow.session_id.not_in(select(SessionRow.id)) & GroupAnswerRow.session_id.not_in(
            select(LinkRow.id)
        )
        async with self._sessions.transaction() as db:
            found = await db.execute(delete(GroupAnswerRow).where(gone))
        return int(found.rowcount)  # type: ignore[attr-defined]


async def _asked(db: AsyncSession, job_id: str) -> list[pb.Characteristic]:
    row = await db.get(GroupQuestionsRow, job_id)
    return [characteristic(each) for each in row.characteristics] if row else []


async def _job_of(db: AsyncSession, invitation_id: str) -> str:
    """The job behind a link; once it is used, of its session. Raises INVITATION_NOT_FOUND."""
    found = await db.scalar(select(InvitationRow.job_id).where(InvitationRow.id == invitation_id))
    if found is None:
        message = "There is no such invitation."
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "INVITATION_NOT_FOUND", message)
    return str(found)


def _person(outcome: str, total: float | None, stands: str, groups: dict[str, str] | None) -> Person:
    decided = stands.lower()
    return Person(
        groups or {},
        decided if decided in OUTCOMES else "",
        outcome if outcome in OUTCOMES else "",
        total,
    )
