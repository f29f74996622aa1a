"""What the database says about the work that waits for each service or runs there."""

from __future__ import annotations

from orchestrator.sessions.calls import calls_by_stage
from orchestrator.sessions.store import SessionStore
from orchestrator.translations import store as translations

SERVICES = {"transcribe": "transcriber", "watch": "vision", "listen": "audio", "evaluate": "judge"}
AFTER = dict.fromkeys(("transcribe", "watch", "listen"), "prepare") | {"evaluate": "transcribe"}
"""Which stage must have ended before another one waits for its service."""


async def demand(store: SessionStore) -> dict[str, int]:
    """Calls by service: stages that run (a full service is waited for there) and stages whose turn it is.

    Translations wait until the result is published; then each session asks for one at a time.
    """
    calls = await calls_by_stage(store, AFTER)
    counted = {service: calls.get(name, 0) for name, service in SERVICES.items()}
    counted["judge"] += await translations.sessions_waiting(store)
    return counted
