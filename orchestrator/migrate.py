"""Bring the session database to the current schema: `python -m orchestrator.migrate`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from orchestrator.settings import DatabaseSettings

FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Apply every migration that is missing. Makes the folder of a SQLite file."""
    database = make_url(url).database
    if url.startswith("sqlite") and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    command.upgrade(config, "head")


if __name__ == "__main__":
    migrate(DatabaseSettings().database_url.get_secret_value())
