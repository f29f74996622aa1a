"""The webhook of a session."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from orchestrator import metrics
from orchestrator.events.outbox import Told, completed
from orchestrator.events.tables import DeliveryRow, DeliveryState
from orchestrator.invitations.store import callback_url
from orchestrator.sessions.states import SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.webhooks.delivery import Webhooks, answered_code, message
from orchestrator.webhooks.store import DeliveryStore
from servicekit.errors import ServiceError
from servicekit.telemetry.logs import get_logger

log = get_logger()


class NotificationActivities:
    """`notify`."""

    def __init__(self, store: SessionStore, webhooks: Webhooks, deliveries: DeliveryStore | None = None) -> None:
        """Read from `store`, send by `webhooks`; tries are written down in `deliveries`."""
        self._store, self._webhooks, self._deliveries = store, webhooks, deliveries

    @activity.defn(name="notify")
    async def notify(self, session_id: str) -> None:
        """Tell the caller's system how a session ended; nothing where none was named or the session is gone."""
        row = await self._store.get(session_id)
        if row is None:
            return
        await self._tell_greenhouse(row)
        if not row.webhook_url:
            return
        try:
            code = await self._webhooks.send(row)
            metrics.WEBHOOKS.labels("delivered").inc()
            await self._record(row, DeliveryState.DELIVERED, "", code)
        except ServiceError as error:
            metrics.WEBHOOKS.labels(error.reason).inc()
            state = DeliveryState.PENDING if error.retryable else DeliveryState.FAILED
            await self._record(row, state, error.reason, answered_code(error))
            raise ApplicationError(error.message, type=error.reason, non_retryable=not error.retryable) from None

    async def _tell_greenhouse(self, row: SessionRow) -> None:
        """Have Greenhouse told that there is a result, if it asked for the interview; twice is the same as once."""
        if self._deliveries is None or row.state != SessionState.COMPLETED:
            return
        if url := await callback_url(self._store, row.id):
            event = completed(Told(url, row.id, row.job_id, row.owner), activity.info().workflow_run_id or "")
            await self._deliveries.add(event)

    async def _record(self, row: SessionRow, state: DeliveryState, reason: str, code: int | None) -> None:
        """Write down a try; the workflow tries again by itself, so nothing is due (`next_at`)."""
        if self._deliveries is None:
            return
        info, now = activity.info(), datetime.now(UTC)
        delivery = DeliveryRow(
            id=hashlib.sha256(f"{info.workflow_id} {info.workflow_run_id}".encode()).hexdigest()[:32],
            event=f"session.{row.state.lower()}",
            session_id=row.id,
            job_id=row.job_id,
            owner=row.owner,
            organisation=row.organisation,
            url=row.webhook_url,
            body=message(row).decode(),
            state=state,
            attempts=info.attempt,
            last_reason=reason,
            last_code=code,
            created_at=info.scheduled_time,
            since_at=info.scheduled_time,
            tried_at=now,
        )
        try:
            await self._deliveries.record(delivery)
        except ServiceError as error:
            log.warning("delivery not written down", session_id=row.id, reason=error.reason)
