"""Making reports, and keeping those of closed jobs before candidates are deleted."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from google.protobuf.json_format import MessageToDict, ParseDict
from interview.impact.v1 import impact_service_pb2 as pb

from orchestrator.impact.report import report
from orchestrator.impact.store import ImpactStore
from orchestrator.impact.wire import report_message
from orchestrator.jobs.tables import JobRow


class Reporting:
    """Reports of jobs."""

    def __init__(self, store: ImpactStore) -> None:
        """Answers are in `store`."""
        self._store = store

    async def report(self, job: JobRow) -> pb.ImpactReport | None:
        """Of those who are there, or as it was kept where more were there then; None where nobody was asked."""
        now, kept = await self._now(job), await self._store.kept(job.id)
        if kept is None or (now is not None and now.people >= kept.people):
            return now
        found: pb.ImpactReport = ParseDict(kept.report, pb.ImpactReport(), ignore_unknown_fields=True)
        found.kept = True
        return found

    async def keep(self, session_id: str) -> None:
        """Before a session is deleted: keep the report of its job if that is closed, unless one with more people is."""
        job = await self._store.closed_job_of(session_id)
        if job is None:
            return
        now, kept = await self._now(job), await self._store.kept(job.id)
        if now is not None and (kept is None or now.people >= kept.people):
            await self._store.keep(job.id, now.people, MessageToDict(now, preserving_proto_field_name=True))

    async def _now(self, job: JobRow) -> pb.ImpactReport | None:
        asked = await self._store.questions(job.id)
        if not asked:
            return None
        people = await self._store.people(job.id)
        categories = {each.name: [category.name for category in each.categories] for each in asked}
        found = await asyncio.to_thread(report, people, categories)
        return report_message(job, found, asked, datetime.now(UTC))
