"""What nobody owns any more is deleted, and what is overdue is done, whatever became of those who should have."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from orchestrator import artefacts
from orchestrator.activities.headlines import read_headlines
from orchestrator.activities.recording import delete_recording
from orchestrator.audit.reasons import Reasons
from orchestrator.backlog import Backlog
from orchestrator.impact.store import ImpactStore
from orchestrator.links.store import forget_ended
from orchestrator.playback.deletion import delete_over
from orchestrator.playback.store import PATIENCE, give_up, still
from orchestrator.sessions.states import ENDED_SESSION, PlaybackState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.similarity.comparison import Comparison
from orchestrator.vault.store import VaultStore
from orchestrator.webhooks.store import DeliveryStore
from orchestrator.workflows.closure import ErasureWorkflow
from orchestrator.workflows.inputs import AnswerInput, ErasureInput, playback_workflow_id
from orchestrator.workflows.playback import PlaybackWorkflow
from servicekit.media import MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()
INTERVAL_S = 3600.0
MOST = 500
SAFE_AGE = timedelta(hours=24)
"""Objects without a row may still get one: a form that is being sent, a request that is sent again."""

MOST_UNKNOWN = 20
"""Sessions without a row, beyond which there must be as many with one: else the database is another one or an old copy,
and what it does not know may be all that there is."""

GRACE = timedelta(minutes=10)
"""As long as who should do it may be doing it."""


class Sweep:
    """Every worker may sweep at the same time: deleting twice changes nothing."""

    def __init__(
        self,
        store: SessionStore,
        media: MediaStore,
        temporal: Client,
        task_queue: str,
        anchor: Callable[[], Awaitable[int]] | None = None,
        vault: VaultStore | None = None,
    ) -> None:
        """Rows are in `store`, objects in `media`, their keys in `vault`; deletions of sessions are workflows of
        `temporal`. `anchor` signs the audit chain's head once a day.
        """
        self._anchor, self._vault = anchor, vault
        self._store, self._media, self._temporal, self._task_queue = store, media, temporal, task_queue
        self._unknown_before: set[str] = set()

    async def orphans(self, safe_age: timedelta = SAFE_AGE) -> int:
        """Delete objects of sessions that have no row, where none was written lately; returns how many.

        Only what had no row in the round before either: an upload that is moved into its session keeps its old date.
        """
        before, deleted = datetime.now(UTC) - safe_age, 0
        results = await self._media.modified("results")
        by_id = {_session_id(key): key for key in results}
        stored = {*await self._media.folders("sessions"), *by_id}
        unknown = await self._unknown(stored)
        if len(unknown) > max(MOST_UNKNOWN, len(stored - unknown)):
            log.error("orphans not deleted", unknown=len(unknown), known=len(stored - unknown))
            self._unknown_before = set()
            return 0
        for session_id in unknown & self._unknown_before:
            folder = artefacts.session_prefix(session_id)
            written = await self._media.modified(folder)
            if (key := by_id.get(session_id)) is not None:
                written[key] = results[key]
            if max(written.values(), default=before) < before:
                for key in written:
                    await self._media.delete(self._media.uri(key))
                deleted += len(written)
        self._unknown_before = unknown
        return deleted

    async def recordings(self, grace: timedelta = GRACE) -> int:
        """Delete recordings of ended sessions that are kept longer than they should be; returns of how many answers."""
        query = (
            select(AnswerRow.session_id, AnswerRow.index)
            .join(SessionRow, SessionRow.id == AnswerRow.session_id)
            .where(AnswerRow.recording_end_at < datetime.now(UTC) - grace, SessionRow.state.in_(ENDED_SESSION))
            .where(  # what can be played of it may still be made
                (AnswerRow.playback_state != PlaybackState.PENDING)
                | SessionRow.result.is_(None)
                | (AnswerRow.recording_end_at < datetime.now(UTC) - PATIENCE)
            )
            .limit(MOST)
        )
        async with self._store.transaction() as db:
            late = [AnswerInput(session_id, index) for session_id, index in await db.execute(query)]
        for answer in late:
            await delete_recording(self._media, answer)
            await self._store.set_media(answer.session_id, answer.index, None)
            await give_up(self._store, answer)
        return len(late)

    async def playbacks(self, grace: timedelta = GRACE) -> int:
        """Delete what nobody may play any more, and have made what is to be and whose workflow was lost; returns how
        many were over.
        """
        for session_id in await still(self._store, datetime.now(UTC) - grace, MOST):
            await self._temporal.start_workflow(
                PlaybackWorkflow.run,
                session_id,
                id=playback_workflow_id(session_id),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )
        return await delete_over(self._store, self._media)

    async def overdue(self, grace: timedelta = GRACE) -> int:
        """Have sessions erased whose retention has ended and whose timer was lost; returns how many."""
        query = select(SessionRow.id).where(SessionRow.retention_end_at < datetime.now(UTC) - grace)
        async with self._store.transaction() as db:
            late = list(await db.scalars(query.order_by(SessionRow.retention_end_at).limit(MOST)))
        for session_id in late:
            await self._temporal.start_workflow(
                ErasureWorkflow.run,
                ErasureInput(session_id),
                id=f"erase-{session_id}",
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )
        return len(late)

    async def links(self) -> int:
        """Delete links that ended long ago with who was invited, and reasons whose time is over: 0."""
        async with self._store.transaction() as db:
            await forget_ended(db)
        await ImpactStore(self._store).forget_orphans()
        await Reasons(self._store).forget_ended()
        return 0

    async def headlines(self) -> int:
        """Read published results for what lists show of them; returns how many an older version had published."""
        return await read_headlines(self._store, self._media)

    async def anchored(self) -> int:
        """Sign the head of the audit chain unless that was done within a day; it is nobody's neglect: 0."""
        if self._anchor is not None:
            await self._anchor()
        return 0

    async def keys(self, safe_age: timedelta = SAFE_AGE) -> int:
        """Delete keys of hand-ins that came to nothing, once nothing is left that they open; returns how many."""
        if self._vault is None:
            return 0
        gone = 0
        for folder in await self._vault.without_session(datetime.now(UTC) - safe_age, MOST):
            alone = await self._media.exists(self._media.uri(f"{folder}.json"))  # a consent
            if not alone and not await self._media.list(folder):
                await self._vault.destroy(folder)
                gone += 1
        return gone

    async def organisation_keys(self) -> int:
        """Let keys of organisations cover what was encrypted before they were made; it is nobody's neglect: 0."""
        while self._vault is not None and await self._vault.organisation_keys.cover(MOST) == MOST:
            log.info("organisations' keys cover more", sessions=MOST)
        return 0

    async def texts(self) -> int:
        """Encrypt what people wrote of sessions before that was done; it is nobody's neglect: 0."""
        if self._vault is not None and (sealed := await Backlog(self._vault).seal()):
            log.info("texts encrypted", rows=sealed)
        return 0

    async def comparisons(self) -> int:
        """Compare the answers of sessions that were published without; returns of how many sessions."""
        return await Comparison(self._store, self._media).catch_up()

    async def deliveries(self) -> int:
        """Delete deliveries of webhooks that are old; returns how many were given up."""
        return await DeliveryStore(self._store).prune()

    async def keep_sweeping(self) -> None:
        """Do all of it until cancelled, from time to time; what fails is done the next time."""
        await self._tried(self.anchored)
        await self._tried(self.headlines)  # an update would leave lists empty until the first round
        while True:
            await asyncio.sleep(random.uniform(0.5, 1.5) * INTERVAL_S)  # workers take turns
            lists = (self.headlines, self.comparisons, self.deliveries)
            gone = (self.overdue, self.recordings, self.playbacks, self.orphans, self.keys, self.links)
            for work in (*gone, *lists, self.organisation_keys, self.texts, self.anchored):
                await self._tried(work)

    async def _tried(self, work: Callable[[], Awaitable[int]]) -> None:
        name = getattr(work, "__name__", "")
        try:
            if found := await work():
                log.warning("swept", what=name, count=found)
        except Exception as error:
            log.warning("not swept", what=name, error_type=type(error).__name__)

    async def _unknown(self, session_ids: set[str]) -> set[str]:
        asked, unknown = sorted(session_ids), set(session_ids)
        for start in range(0, len(asked), MOST):
            some = asked[start : start + MOST]
            async with self._store.transaction() as db:
                unknown -= set(await db.scalars(select(SessionRow.id).where(SessionRow.id.in_(some))))
        return unknown


def _session_id(result_key: str) -> str:
    return result_key.rpartition("/")[2].removesuffix(".json")
