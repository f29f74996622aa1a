"""Starting what was recorded: at once where the workflow engine is there, later where it was not.

What was recorded is accepted, so nobody waits for its start.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from orchestrator.sessions import starts
from orchestrator.sessions.starts import SessionStart
from orchestrator.sessions.store import SessionStore
from orchestrator.translations import store as translations
from orchestrator.workflows.control import WorkflowControl
from servicekit.errors import ServiceError
from servicekit.telemetry.logs import get_logger
from servicekit.turns import Turns

log = get_logger()
RECORDED_AT_ONCE = 4
"""Sessions that one process records at the same time, under half of its connections: hundreds that are submitted in
the same moment take turns, each is recorded sooner, and who asks for a session meanwhile does not wait for all of them.
"""
INTERVAL_S = 5.0
ROUNDS = 60
"""Of starting what is owed, to one of looking for workflows that are gone."""

SUBMITTING = timedelta(seconds=20)
"""As long as whoever records a session may still be about to start it: longer than a start waits there."""

STILL = timedelta(minutes=15)
"""A session that has not moved for so long is worth a look at its workflow."""

QUIET_S, PATIENCE_S = 1.0, 10.0
"""A start waits until nothing was recorded for so long, and from its session's record on for so long at most."""

MOST = 200
"""Sessions that one round takes on."""


class Starting:
    """Starts workflows. Every replica may do it at the same time: a workflow that runs is not started again, and one
    that is started for a session that has ended does nothing.
    """

    def __init__(self, store: SessionStore, workflows: WorkflowControl, quiet_s: float = QUIET_S) -> None:
        """Sessions are in `store`; nothing starts until nothing was recorded for `quiet_s`, as far as that may last."""
        self._store, self._workflows, self._quiet_s = store, workflows, quiet_s
        self._turn, self._to_come, self._given_up = asyncio.Lock(), set[asyncio.Task[None]](), 0
        self.recording = Turns(RECORDED_AT_ONCE)
        """Whoever records a session holds it."""
        self._recorded_s = 0.0

    def soon(self, session: SessionStart) -> None:
        """Start a session that is recorded, after those before it: starts take turns, so that hundreds of sessions that
        are submitted in the same moment are all recorded soon.
        """
        self._recorded_s = time.monotonic()
        latest_s = self._recorded_s + PATIENCE_S
        task = asyncio.create_task(self._start_in_turn(session, self._given_up, latest_s))
        self._to_come.add(task)
        task.add_done_callback(self._to_come.discard)

    async def _quiet(self, latest_s: float) -> None:
        """Let those go first whose sessions are still to be recorded: work on what is started takes from them."""
        recorded_s = -1.0
        while recorded_s != self._recorded_s:
            recorded_s = self._recorded_s
            until_s = min(recorded_s + self._quiet_s, latest_s)
            await asyncio.sleep(max(0.0, until_s - time.monotonic()))
            if time.monotonic() >= latest_s:
                return

    async def caught_up(self) -> None:
        """Wait until nothing is to be started `soon` any more."""
        while self._to_come:
            await asyncio.wait(self._to_come)

    async def close(self) -> None:
        """Give up what is still to be started `soon`: another process, or this one when it is back, finds it owed."""
        for task in self._to_come:
            task.cancel()
        await asyncio.gather(*self._to_come, return_exceptions=True)

    async def _start_in_turn(self, session: SessionStart, given_up: int, latest_s: float) -> None:
        async with self._turn:
            await self._quiet(latest_s)
            if given_up != self._given_up:
                return  # the engine is away: all that waited here is owed now
            try:
                started = await self.start(session)
            except Exception as error:
                log.warning("start owed", session_id=session.session_id, error_type=type(error).__name__)
                started = False
            self._given_up += not started

    async def start(self, session: SessionStart) -> bool:
        """Start a session that is recorded; False when that is left to a later round. Raises nothing for it."""
        try:
            await self._workflows.start_session(
                session.session_id, session.answer_count, session.owner, session.retention_days
            )
            await starts.set_started(self._store, session.session_id)
        except ServiceError as error:
            log.warning("start owed", session_id=session.session_id, reason=error.reason)
            return False
        return True

    async def start_owed(self, submitting: timedelta = SUBMITTING) -> int:
        """Start what is owed, oldest first, until the engine is away again; returns how many were started."""
        started = 0
        for session in await starts.owed(self._store, datetime.now(UTC) - submitting, MOST):
            if not await self.start(session):
                break
            started += 1
        return started

    async def start_lost(self, still: timedelta = STILL) -> int:
        """Start again what has not ended and has no workflow any more; it goes on with what is left to do.

        Raises UPSTREAM_DOWN.
        """
        lost = 0
        for session in await starts.still(self._store, datetime.now(UTC) - still, MOST):
            if not await self._workflows.runs(session.session_id):
                log.warning("workflow lost", session_id=session.session_id)
                lost += await self.start(session)
        return lost

    async def start_lost_translations(self, still: timedelta = STILL) -> int:
        """Have translations made that are to come and that nothing makes any more. Raises UPSTREAM_DOWN."""
        lost = 0
        for session_id in await translations.still(self._store, datetime.now(UTC) - still, MOST):
            if not await self._workflows.translates(session_id):
                log.warning("translations lost", session_id=session_id)
                await self._workflows.start_translations(session_id)
                lost += 1
        return lost

    async def keep_starting(self) -> None:
        """Do all of it until cancelled, whatever is away meanwhile."""
        turn = 0
        while True:
            try:
                await self.start_owed()
                if turn % ROUNDS == 0:
                    await self.start_lost()
                    await self.start_lost_translations()
                turn += 1
            except Exception as error:
                log.warning("nothing started", error_type=type(error).__name__)
            await asyncio.sleep(INTERVAL_S)
