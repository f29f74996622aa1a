"""An organisation's accounts at other companies, read where the judge is called and passed on with that call alone."""

from __future__ import annotations

from interview.judge.v1 import judge_service_pb2 as judge_pb

from orchestrator.sessions.store import SessionStore
from orchestrator.vault.organisation_secrets import Kind, OrganisationSecrets


class Accounts:
    """They are in no workflow's history: activities take and return ids only."""

    def __init__(self, store: SessionStore, secrets: OrganisationSecrets | None) -> None:
        """Whose a session is stands in `store`."""
        self._store, self._secrets = store, secrets

    async def of(self, session_id: str) -> judge_pb.Accounts | None:
        """What to send along for a session; None: nothing of its own. Raises UPSTREAM_DOWN, SECRET_UNREADABLE."""
        session = await self._store.get(session_id) if self._secrets else None
        if session is None or self._secrets is None:
            return None
        keys = await self._secrets.third_parties(session.organisation)
        if not keys:
            return None
        deepl, huggingface = keys.get(Kind.DEEPL, ""), keys.get(Kind.HUGGINGFACE, "")
        return judge_pb.Accounts(deepl_key=deepl, huggingface_token=huggingface)
