"""Databases and object stores as they are on one machine and as they are on a cluster, each new and empty."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.migrate import migrate
from orchestrator.settings import DatabaseSettings
from rehearsal.servers.postgresql import PostgreSql, postgresql
from rehearsal.servers.seaweedfs import SeaweedFs, seaweedfs
from servicekit.settings import StoreSettings

DATABASES = ("sqlite", "postgresql")
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""For what takes long and asks nothing that databases answer in different ways: on the stricter of them."""
OBJECT_STORES = ("folder", "s3")
BUCKET = "tests"
_TEMPLATE = "migrated"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSql]:
    """A real server, started once; `create_database` makes what a test needs."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedFs]:
    """A real S3 server with a bucket, started once; tests have folders in it."""
    with seaweedfs(tmp_path_factory.mktemp("s3")) as server:
        server.create_bucket(BUCKET)
        yield server


@pytest.fixture(scope="session")
def migrated(postgresql_server: PostgreSql) -> str:
    """The name of a database with every migration, to copy from: quicker than migrating for each test."""
    migrate(postgresql_server.create_database(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file of SQLite."""
    path = tmp_path_factory.mktemp("migrated") / "sessions.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseSettings:
    """A database with every migration and no rows, of either kind."""
    if request.param == "sqlite":
        path = tmp_path / "folder" / "sessions.db"
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        url = f"sqlite+aiosqlite:///{path}"
    else:
        server: PostgreSql = request.getfixturevalue("postgresql_server")
        url = server.create_database(f"test_{next(_numbers)}", request.getfixturevalue("migrated"))
    return DatabaseSettings(INTERVIEW_DATABASE_URL=url)


@pytest.fixture(params=OBJECT_STORES)
def object_store(request: pytest.FixtureRequest, tmp_path: Path) -> StoreSettings:
    """An empty object store of either kind."""
    if request.param == "folder":
        return StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects"))
    return s3_settings(request.getfixturevalue("s3_server"))


def s3_settings(server: SeaweedFs, **changes: str) -> StoreSettings:
    """Settings of an empty folder in the tests' bucket (the server has room for a few dozen buckets only), with some of
    them changed.
    """
    values: dict[str, Any] = server.environment(BUCKET)
    values["INTERVIEW_OBJECT_STORE"] += f"/{next(_numbers)}"
    values |= changes
    return StoreSettings(**values)
