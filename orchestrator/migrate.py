"""Bring the session database to the current schema: `python -m orchestrator.migrate`.

`python -m orchestrator.migrate wait` ends once another process has.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from orchestrator.database import open_engine
from orchestrator.settings import DatabaseSettings
from servicekit.storage.folders import make_private

POLL_S, PATIENCE_S = 2.0, 900.0
FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Apply every migration that is missing. Makes the folder of a SQLite file."""
    database = make_url(url).database
    if url.startswith("sqlite") and database:
        make_private(Path(database).absolute().parent)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    command.upgrade(config, "head")


async def is_current(url: str) -> bool:
    """Whether every migration that this version knows was applied. False as well while the database does not answer.

    A newer schema counts: a version that is rolled back to must start, and migrations are made to let it.
    """
    engine = open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=url))
    try:
        async with engine.connect() as connection:
            applied = await connection.run_sync(lambda plain: MigrationContext.configure(plain).get_current_heads())
    except (OSError, SQLAlchemyError):
        return False
    finally:
        await engine.dispose()
    script = ScriptDirectory(str(FOLDER))
    newer = set(applied) - {known.revision for known in script.walk_revisions()}
    return bool(newer) or set(script.get_heads()) <= set(applied)


def wait(url: str, patience_s: float = PATIENCE_S) -> None:
    """Return when the schema is current; programs start after that, so that none meets tables it does not know.

    Raises SystemExit when nobody has brought it there in `patience_s` seconds: somebody should see that.
    """
    until = time.monotonic() + patience_s
    while not asyncio.run(is_current(url)):
        if time.monotonic() > until:
            raise SystemExit("nobody migrates the database: run `python -m orchestrator.migrate` (the Job `migrate`)")
        print("waiting for the migration of the database", file=sys.stderr, flush=True)
        time.sleep(POLL_S)


if __name__ == "__main__":
    database_url = DatabaseSettings().database_url.get_secret_value()
    (wait if sys.argv[1:] == ["wait"] else migrate)(database_url)
