"""A new field of a session is written in four places, which is done here on a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("protos", "gen", "scripts", "servicekit", "orchestrator", "gateway")
CONTRACT = "protos/interview/orchestrator/v1/orchestrator_service.proto"
TABLE = "orchestrator/sessions/tables.py"
SCHEMA = "gateway/sessions/schemas.py"
MIGRATION = "orchestrator/migrations/versions/9999_notice_period.py"
PLACES = {
    CONTRACT: ("message Session {\n", "  // When the candidate could begin.\n  string notice_period = 900;\n"),
    TABLE: (
        '    objection: Mapped[str] = mapped_column(Text, default="")\n',
        '    notice_period: Mapped[str] = mapped_column(Text, default="")\n',
    ),
    SCHEMA: ("    objection: str\n", "    notice_period: str\n"),
}
"""Files with the line that the field is written behind, and what is written. A migration is a file of its own."""

MIGRATE = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{last}", None, None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("notice_period", sa.Text(), nullable=False, server_default=""))
"""

STORE_AND_SHOW = """
import asyncio
from datetime import UTC, datetime

from gateway.sessions.wire import session_body
from orchestrator.database import open_engine
from orchestrator.migrate import migrate
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.sessions.wire import session_message
from orchestrator.settings import DatabaseSettings

URL, NOW = "sqlite+aiosqlite:///sessions.db", datetime.now(UTC)


async def shown() -> str:
    store = SessionStore(open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=URL)))
    row = SessionRow(id="0" * 32, request_sha256="", candidate_name="A", language="en", state="PENDING",
                     created_at=NOW, updated_at=NOW, notice_period="a month")
    await store.create(row)
    found = session_body(session_message(await store.existing("0" * 32)), "http://x")
    await store.close()
    return found.notice_period


migrate(URL)
print(asyncio.run(shown()))
"""


def last_migration() -> str:
    return max(path.name for path in (ROOT / "orchestrator/migrations/versions").glob("[0-9]*.py")).split("_")[0]


def test_a_field_is_written_in_four_places(tmp_path: Path) -> None:
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (behind, line) in PLACES.items():
        text = (tmp_path / name).read_text()
        assert text.count(behind) == 1, name
        (tmp_path / name).write_text(text.replace(behind, behind + line))
    (tmp_path / MIGRATION).write_text(MIGRATE.format(last=last_migration()))
    assert len({*PLACES, MIGRATION}) <= 4
    environment = {**os.environ, "PYTHON": sys.executable, "PYTHONPATH": f"{tmp_path}{os.pathsep}{tmp_path / 'gen'}"}
    subprocess.run([tmp_path / "scripts" / "generate.sh"], env=environment, check=True)
    command = [sys.executable, "-c", STORE_AND_SHOW]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[-2:] == ["a month", ""], done.stderr
