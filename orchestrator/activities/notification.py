"""The webhook of a session."""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from orchestrator import metrics
from orchestrator.sessions.store import SessionStore
from orchestrator.webhooks.delivery import Webhooks
from servicekit.errors import ServiceError


class NotificationActivities:
    """`notify`."""

    def __init__(self, store: SessionStore, webhooks: Webhooks) -> None:
        """Read from `store`, send by `webhooks`."""
        self._store, self._webhooks = store, webhooks

    @activity.defn(name="notify")
    async def notify(self, session_id: str) -> None:
        """Tell the caller's system how a session ended; nothing where none was named or the session is gone."""
        row = await self._store.get(session_id)
        if row is None or not row.webhook_url:
            return
        try:
            await self._webhooks.send(row)
            metrics.WEBHOOKS.labels("delivered").inc()
        except ServiceError as error:
            metrics.WEBHOOKS.labels(error.reason).inc()
            raise ApplicationError(error.message, type=error.reason, non_retryable=not error.retryable) from None
