"""How Alembic runs: against the URL that `orchestrator.migrate` or the environment gives."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from orchestrator.settings import DatabaseSettings
from orchestrator.store import open_engine
from orchestrator.tables import Base


def _upgrade(connection: Connection) -> None:
    # SQLite cannot alter tables in place; batch mode copies them.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def _run() -> None:
    url = context.config.attributes.get("url") or DatabaseSettings().database_url.get_secret_value()
    engine = open_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade)
        await connection.commit()
    await engine.dispose()


asyncio.run(_run())
