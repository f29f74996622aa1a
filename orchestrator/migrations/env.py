"""How Alembic runs: against the URL that `orchestrator.migrate` or the environment gives."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from orchestrator.database import open_engine
from orchestrator.settings import DatabaseSettings
from orchestrator.tables import Base

LOCK = 0x1A5


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Changing a big table may take long, and who else migrates at the same time waits until this is done.
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    # SQLite cannot alter tables in place; batch mode copies them.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def _run() -> None:
    url = context.config.attributes.get("url")
    engine = open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=url) if url else DatabaseSettings())
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade)
        await connection.commit()
    await engine.dispose()


asyncio.run(_run())
