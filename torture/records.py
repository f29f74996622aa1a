"""What the system has of its sessions: rows, objects, workflows, files, processes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from pydantic import SecretStr
from temporalio.client import Client

from orchestrator.database import open_engine
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from orchestrator.sweep import Sweep
from rehearsal.servers.cluster import BUCKET, Cluster
from servicekit.media import MediaStore
from servicekit.scratch import PREFIX
from servicekit.settings import StoreSettings

WATCH_S = 0.3
OF_SERVICES = ("transcribe", "watch", "listen", "evaluate", "translate")
"""Stages that cost something."""
OF_SESSIONS = ("sessions", "answers", "stages", "reviews", "audit_entries")
"""Tables that hold what belongs to a session."""

Stage = tuple[str, int, str]


class StageWatch:
    """Looks at the stages all the time; one that was completed and is done again has other times later."""

    def __init__(self, database_url: str) -> None:
        """Watch nothing yet."""
        self._url, self._stopped = _plain(database_url), threading.Event()
        self.ended: dict[Stage, tuple[Any, Any]] = {}
        self.redone: set[Stage] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While the context lasts; the database may be away at times."""
        thread = threading.Thread(target=lambda: asyncio.run(self._watch()), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join()

    async def _watch(self) -> None:
        while not self._stopped.is_set():
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                async with asyncio.timeout(10):
                    await self._look()
            await asyncio.sleep(WATCH_S)

    async def _look(self) -> None:
        db = await asyncpg.connect(self._url, timeout=3)
        try:
            while not self._stopped.is_set():
                self._compare(await db.fetch(_STAGES, list(OF_SERVICES), timeout=3))
                await asyncio.sleep(WATCH_S)
        finally:
            db.terminate()

    def _compare(self, rows: list[Any]) -> None:
        for row in rows:
            stage = row["session_id"], row["answer_index"], row["name"]
            times = row["started_at"], row["ended_at"]
            if stage in self.ended and (row["state"] != "COMPLETED" or self.ended[stage] != times):
                self.redone.add(stage)
            if row["state"] == "COMPLETED":
                self.ended.setdefault(stage, times)


_STAGES = "SELECT session_id, answer_index, name, state, started_at, ended_at FROM stages WHERE name = ANY($1)"


@dataclass(frozen=True, slots=True)
class Left:
    """What is there though no session is: rows by table, keys of objects, ids of open workflows, scratch folders."""

    rows: Mapping[str, int]
    objects: list[str]
    workflows: list[str]
    folders: list[str]
    swept: int
    """Objects of hand-ins that came to nothing, which the sweep deletes after a day and did here at once."""

    @property
    def nothing(self) -> bool:
        """Whether that is so."""
        return not (any(self.rows.values()) or self.objects or self.workflows or self.folders)


def left_over(system: Cluster, scratch: Path, patience_s: float) -> Left:
    """What is left once everything has had its time, at most `patience_s`."""
    deadline, swept = time.monotonic() + patience_s, 0
    while True:
        found = asyncio.run(_left(system, scratch))
        swept += found.swept
        if found.nothing or time.monotonic() > deadline:
            return Left(found.rows, found.objects, found.workflows, found.folders, swept)
        time.sleep(1)


async def _left(system: Cluster, scratch: Path) -> Left:
    values: dict[str, Any] = system.store.environment(BUCKET)
    media, temporal = MediaStore(StoreSettings(**values)), await Client.connect(system.temporal_address)
    swept = await _swept(system, media, temporal)
    objects = [key for folder in ("sessions", "results") for key in await media.list(folder)]
    workflows = [w.id async for w in temporal.list_workflows("ExecutionStatus = 'Running'")]
    return Left(await _rows(system.database_url), objects, workflows, _folders(scratch), swept)


def _folders(scratch: Path) -> list[str]:
    return [path.name for path in scratch.glob(f"{PREFIX}*")]


async def _swept(system: Cluster, media: MediaStore, temporal: Client) -> int:
    """Twice, as the sweep takes only what it has seen without a row before."""
    engine = open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=SecretStr(system.database_url)))
    sweep = Sweep(SessionStore(engine), media, temporal, "")
    try:
        await sweep.orphans(timedelta(0))
        return await sweep.orphans(timedelta(0))
    finally:
        await engine.dispose()


async def _rows(database_url: str) -> dict[str, int]:
    db = await asyncpg.connect(_plain(database_url), timeout=10)
    try:
        return {table: await db.fetchval(f"SELECT count(*) FROM {table}") for table in OF_SESSIONS}
    finally:
        await db.close()


def processes_of(folder: Path) -> list[str]:
    """Processes that were started for a system in `folder` and still run."""
    return [f"{p.pid} {p.name()}" for p in psutil.process_iter() if _scratch(p).startswith(str(folder))]


def memory_mib(system: Cluster) -> dict[str, float]:
    """Resident memory of every replica that runs, with its children, MiB."""
    found = {}
    for deployment in system.deployments.values():
        for replica in deployment.ready:
            with suppress(psutil.NoSuchProcess):
                found[f"{replica.program.name} {replica.program.pid}"] = _resident_mib(replica.program.pid)
    return found


def until(done: Callable[[], bool], patience_s: float) -> bool:
    """Wait for something; whether it came."""
    deadline = time.monotonic() + patience_s
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def _resident_mib(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / (1 << 20)


def _scratch(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return process.environ().get("TMPDIR", "")
    return ""


def _plain(url: str) -> str:
    return url.replace("+asyncpg", "")
