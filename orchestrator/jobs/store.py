"""Jobs in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import grpc
from interview.jobs.v1 import jobs_service_pb2 as pb
from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from orchestrator.database import open_sessions
from orchestrator.jobs.content import content_of, fingerprint, stored
from orchestrator.jobs.tables import JobRow, JobVersionRow
from servicekit.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Change:
    """What a job becomes; `sha256` is of the content that it was made on, empty where that does not matter."""

    title: str
    content: pb.JobContent
    closes_at: datetime | None
    sha256: str = ""
    webhook_url: str = ""


@dataclass(frozen=True, slots=True)
class VersionedJob:
    """A job and one version of its content."""

    row: JobRow
    version: JobVersionRow

    @property
    def content(self) -> pb.JobContent:
        """What candidates are asked."""
        return content_of(self.version.content)


class JobStore:
    """Jobs by id. `owner`: only theirs; empty: whoever's."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others. Every method raises UPSTREAM_DOWN while the database is away."""
        self._sessions = open_sessions(engine)

    async def create(self, job_id: str, owner: str, wanted: Change) -> VersionedJob:
        """Insert a job with the first version of its content."""
        now = datetime.now(UTC)
        row = JobRow(
            id=job_id,
            owner=owner,
            title=wanted.title,
            version=1,
            created_at=now,
            updated_at=now,
            closes_at=wanted.closes_at,
            webhook_url=wanted.webhook_url,
        )
        version = _version(job_id, 1, wanted.content)
        async with self._sessions.begin() as db:
            db.add(row)
            await db.flush()
            db.add(version)
        return VersionedJob(row, version)

    async def page(
        self, size: int, before: tuple[datetime, str] | None, owner: str, archived: bool
    ) -> list[VersionedJob]:
        """Up to `size` jobs, newest first, older than `before` (time made and id): those put away, or the others."""
        query = _newest().order_by(JobRow.created_at.desc(), JobRow.id.desc()).limit(size)
        query = query.where(JobRow.archived_at.is_not(None) if archived else JobRow.archived_at.is_(None))
        if owner:
            query = query.where(JobRow.owner == owner)
        if before is not None:
            moment, job_id = before
            earlier = (JobRow.created_at == moment) & (JobRow.id < job_id)
            query = query.where((JobRow.created_at < moment) | earlier)
        async with self._sessions() as db:
            return [VersionedJob(row, version) for row, version in await db.execute(query)]

    async def get(self, job_id: str, owner: str = "", version: int = 0) -> VersionedJob:
        """A job with a version of its content; 0: the newest. Raises JOB_NOT_FOUND."""
        async with self._sessions() as db:
            row = await _existing(db, job_id, owner)
            found = await db.get(JobVersionRow, (job_id, version or row.version))
        if found is None:
            raise not_found()
        return VersionedJob(row, found)

    async def update(self, job_id: str, owner: str, wanted: Change) -> VersionedJob:
        """Change a job; a frozen version stays, and another one follows. Raises JOB_NOT_FOUND, JOB_CHANGED."""
        async with self._sessions.begin() as db:
            row = await _existing(db, job_id, owner, lock=True)
            version = await db.get(JobVersionRow, (job_id, row.version), populate_existing=True)
            if version is None or wanted.sha256 not in ("", version.sha256):
                raise _changed()
            made = _version(job_id, row.version, wanted.content)
            if made.sha256 != version.sha256:
                version = await _replaced(db, version, made)
            row.title, row.closes_at, row.version = wanted.title, wanted.closes_at, version.version
            row.webhook_url, row.updated_at = wanted.webhook_url, datetime.now(UTC)
        return VersionedJob(row, version)

    async def archive(self, job_id: str, owner: str, archived: bool) -> VersionedJob:
        """Put a job away or take it out again. Raises JOB_NOT_FOUND."""
        now = datetime.now(UTC)
        async with self._sessions.begin() as db:
            row = await _existing(db, job_id, owner)
            row.archived_at = (row.archived_at or now) if archived else None
            row.updated_at = now
        return await self.get(job_id, owner)

    async def freeze(self, job_id: str, version: int = 0) -> VersionedJob:
        """A version as it stays from now on: somebody sees it. Raises JOB_NOT_FOUND."""
        async with self._sessions.begin() as db:
            return await freeze(db, job_id, version)


async def freeze(db: AsyncSession, job_id: str, version: int = 0) -> VersionedJob:
    """The same within a transaction; 0: the newest version."""
    row = await _existing(db, job_id)
    key = JobVersionRow.job_id == job_id, JobVersionRow.version == (version or row.version)
    frozen = update(JobVersionRow).where(*key, JobVersionRow.frozen_at.is_(None)).values(frozen_at=datetime.now(UTC))
    await db.execute(frozen.execution_options(synchronize_session=False))
    # Read after it is frozen: whoever changed it before has done so, and nobody does any more.
    found = await db.scalar(select(JobVersionRow).where(*key).execution_options(populate_existing=True))
    if found is None:
        raise not_found()
    return VersionedJob(row, found)


async def _existing(db: AsyncSession, job_id: str, owner: str = "", lock: bool = False) -> JobRow:
    row = await db.get(JobRow, job_id, with_for_update=lock or None)
    if row is None or (owner and row.owner != owner):
        raise not_found()
    return row


async def _replaced(db: AsyncSession, old: JobVersionRow, new: JobVersionRow) -> JobVersionRow:
    """The new content in the old one's place, or behind it where that is frozen."""
    key = JobVersionRow.job_id == old.job_id, JobVersionRow.version == old.version
    values = {"sha256": new.sha256, "content": new.content, "created_at": new.created_at}
    changed = await db.execute(
        update(JobVersionRow)
        .where(*key, JobVersionRow.frozen_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount:  # type: ignore[attr-defined]
        await db.refresh(old)
        return old
    new.version = old.version + 1
    db.add(new)
    return new


def _newest() -> Select[JobRow, JobVersionRow]:
    newest = (JobVersionRow.job_id == JobRow.id) & (JobVersionRow.version == JobRow.version)
    return select(JobRow, JobVersionRow).join(JobVersionRow, newest)


def _version(job_id: str, version: int, content: pb.JobContent) -> JobVersionRow:
    kept = stored(content)
    return JobVersionRow(
        job_id=job_id, version=version, sha256=fingerprint(kept), content=kept, created_at=datetime.now(UTC)
    )


def not_found() -> ServiceError:
    """What is said of a job that is not there, or somebody else's."""
    return ServiceError(grpc.StatusCode.NOT_FOUND, "JOB_NOT_FOUND", "There is no such job.")


def _changed() -> ServiceError:
    message = "Somebody has changed this job meanwhile. Look at it again."
    return ServiceError(grpc.StatusCode.ABORTED, "JOB_CHANGED", message)
