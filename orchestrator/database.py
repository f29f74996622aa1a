"""Connections to the session database, SQLite's or PostgreSQL's."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from orchestrator.settings import DatabaseSettings
from servicekit.errors import storage_down
from servicekit.telemetry.logs import get_logger

log = get_logger()

CONNECT_TIMEOUT_S = 10.0
IDLE_S = 10.0
"""A connection that was idle for longer is asked whether it still stands: a network may have dropped it without a
word. Asking takes two round trips, and most connections were used a moment ago."""
# Classes of SQLSTATE that say "not now": connection, sign-in, unknown database (both put right by whoever runs it),
# rollback for another's sake, resources, operator intervention (a shutdown, and a statement that took too long).
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_NOT_NOW = ("08", "28", "3D", "40", "53", "57")


def open_engine(settings: DatabaseSettings) -> AsyncEngine:
    """An engine for `settings.database_url`. SQLite gets write-ahead logging and a patient lock."""
    url = make_url(settings.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, pool_size=settings.database_pool_size, max_overflow=0)
        event.listen(engine.sync_engine, "connect", _tune_sqlite)
        return engine
    timeout_ms = str(int(settings.database_timeout_s * 1000))
    engine = create_async_engine(
        url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_timeout_s,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            "server_settings": {
                "application_name": "interview-orchestrator",
                "statement_timeout": timeout_ms,
                "idle_in_transaction_session_timeout": timeout_ms,
            },
        },
    )
    _replace_dropped(engine.sync_engine)
    return engine


def _replace_dropped(engine: Engine) -> None:
    """Replace connections unseen that the server, or something on the way, has dropped while they were idle."""

    @event.listens_for(engine, "checkin")
    def given_back(_connection: object, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, _proxy: object) -> None:
        idle_since = record.info.get("idle_since")
        if connection.driver_connection.is_closed():
            raise DisconnectionError("closed by the server")
        if idle_since is not None and time.monotonic() - idle_since > IDLE_S:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:
                raise DisconnectionError("does not answer any more") from error


def open_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Database sessions that raise UPSTREAM_DOWN while the database is away."""
    return async_sessionmaker(engine, class_=_Session, expire_on_commit=False)


class _Session(AsyncSession):
    """Says that the database is away in the words that callers, and their retries, understand."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await super().__aexit__(kind, error, trace)
        except Exception as failed:  # undoing over a connection that is gone
            error = failed
            if not _is_away(failed):
                raise
        if error is not None and _is_away(error):
            log.warning("database away", error_type=type(error).__name__, sqlstate=_sqlstate(error))
            raise storage_down("database") from error


def _is_away(error: BaseException) -> bool:
    if isinstance(error, DBAPIError) and (error.connection_invalidated or _locked_sqlite(error)):
        return True
    return isinstance(error, OSError | PoolTimeoutError) or _sqlstate(error).startswith(_NOT_NOW)


def _sqlstate(error: BaseException) -> str:
    # While connecting, asyncpg's own errors come through as they are; later SQLAlchemy's come, with those inside.
    return str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")


def _locked_sqlite(error: DBAPIError) -> bool:
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def _tune_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # Deleted rows, keys among them, are overwritten in the file and not only left out of it.
    durable = ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON")
    for pragma in (*durable, "busy_timeout=15000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
