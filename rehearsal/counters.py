"""What the servers behind the system have done so far: statements, rows, requests, CPU."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import httpx
from prometheus_client.parser import text_string_to_metric_families
from temporalio.client import Client

from rehearsal.servers.cluster import Cluster
from rehearsal.servers.program import process_cpu_s

FLUSH_S = 11.0
"""PostgreSQL's idle backends report their counts after 10 s at the latest."""


@dataclass(frozen=True, slots=True)
class Counters:
    """Counts since the servers started, and seconds of CPU by part."""

    statements: Mapping[str, int]
    rows: Mapping[str, int]
    requests: Mapping[str, int]
    cpu_s: Mapping[str, float]


def counters(system: Cluster) -> Counters:
    """Read everything once it has been reported."""
    cpu_s = _cpu(system)
    time.sleep(FLUSH_S)
    statements, rows = asyncio.run(_database(system.database_url))
    return Counters(statements, rows, _requests(_metrics_url(system.store.process.command)), cpu_s)


def ended_sessions(url: str) -> list[float]:
    """When sessions ended, seconds since the epoch, in order."""
    return asyncio.run(_ended(url))


def history_events(address: str) -> Counter[str]:
    """Events in the histories of every workflow, by the workflow's type."""
    return asyncio.run(_histories(address))


def _cpu(system: Cluster) -> dict[str, float]:
    found = {name: sum(r.program.cpu_s() for r in d.replicas) for name, d in system.deployments.items()}
    servers = {"postgresql": system.database.process, "object store": system.store.process, "temporal": system.temporal}
    return found | {name: process_cpu_s(process.pid) for name, process in servers.items()}


async def _connected(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url.replace("+asyncpg", ""))


async def _database(url: str) -> tuple[Counter[str], Counter[str]]:
    db = await _connected(url)
    await db.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    statements: Counter[str] = Counter()
    for query, calls in await db.fetch(
        "SELECT query, calls FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = $1)",
        "sessions",
    ):
        statements[_kind(query)] += calls
    rows: Counter[str] = Counter()
    for table, inserted, updated in await db.fetch("SELECT relname, n_tup_ins, n_tup_upd FROM pg_stat_user_tables"):
        rows[f"{table} inserted"], rows[f"{table} updated"] = inserted, updated
    await db.close()
    return statements, rows


def _kind(query: str) -> str:
    word = query.split(maxsplit=1)[0].rstrip(";").upper() if query.strip() else ""
    return word if word in ("SELECT", "INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT", "ROLLBACK") else "other"


async def _ended(url: str) -> list[float]:
    db = await _connected(url)
    rows = await db.fetch("SELECT ended_at FROM sessions WHERE ended_at IS NOT NULL ORDER BY ended_at")
    await db.close()
    return [row["ended_at"].timestamp() for row in rows]


def _metrics_url(command: Sequence[str]) -> str:
    port = next(part.partition("=")[2] for part in command if part.startswith("-metricsPort="))
    return f"http://127.0.0.1:{port}/metrics"


def _requests(url: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for family in text_string_to_metric_families(httpx.get(url, timeout=10, trust_env=False).text):
        for sample in family.samples:
            if re.fullmatch(r"SeaweedFS_s3_request_total", sample.name):
                found[sample.labels["type"]] += int(sample.value)
    return found


async def _histories(address: str) -> Counter[str]:
    client, found = await Client.connect(address), Counter[str]()
    async for execution in client.list_workflows():
        described = await client.get_workflow_handle(execution.id).describe()
        found[execution.workflow_type] += described.history_length
    return found
