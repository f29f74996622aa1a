"""Preferences in the database, and what follows from them and the installation's settings."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact, canonical
from orchestrator.database import open_sessions
from orchestrator.ownership import mine
from orchestrator.settled import PreferencesRow, kept_days

CHANGED = "preferences_changed"
"""What the audit chain calls it."""


class Preferences:
    """Those of the organisation that the call acts for."""

    def __init__(self, engine: AsyncEngine, policy: str, retention_days: float) -> None:
        """`policy` and `retention_days` are the installation's; the latter is the most that there can be."""
        self._sessions = open_sessions(engine)
        self.installation_policy, self.most_days = policy, retention_days

    async def get(self) -> PreferencesRow:
        """What was settled, empty where nothing was."""
        async with self._sessions() as db:
            found = await db.get(PreferencesRow, mine())
        return found or PreferencesRow(policy="", retention_days=None)

    async def change(self, policy: str, retention_days: float | None, actor: str) -> PreferencesRow:
        """Settle both, for sessions and jobs from now on."""
        row = PreferencesRow(
            organisation=mine(), policy=policy, retention_days=retention_days, changed_at=datetime.now(UTC)
        )
        details = canonical({"policy": policy, "retention_days": retention_days})
        async with self._sessions.begin() as db:
            changed = await db.merge(row)
            note(db, Fact("", actor, CHANGED, details=details, organisation=mine()))
        return changed

    async def policy(self) -> str:
        """The policy of sessions and jobs that name none."""
        return (await self.get()).policy or self.installation_policy

    async def retention_days(self) -> float:
        """How long results are kept."""
        return kept_days((await self.get()).retention_days, self.most_days)
