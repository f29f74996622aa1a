"""Keys of the gateway in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from interview.administration.v1 import administration_service_pb2 as pb
from interview.orchestrator.v1.orchestrator_service_pb2 import AuthenticateApiKeyRequest
from sqlalchemy import text, update

from orchestrator.database import open_engine
from orchestrator.keys.service import Keys
from orchestrator.keys.tables import ApiKeyRow
from orchestrator.settings import DatabaseSettings
from servicekit.errors import ServiceError


@pytest.fixture
async def keys(database: DatabaseSettings) -> AsyncIterator[Keys]:
    engine = open_engine(database)
    yield Keys(engine)
    await engine.dispose()


async def refused(keys: Keys, **known_by: str) -> str:
    with pytest.raises(ServiceError) as caught:
        await keys.authenticate(AuthenticateApiKeyRequest(**known_by))
    return caught.value.reason


async def test_a_key_is_known_by_its_secret_or_id_until_it_is_revoked(keys: Keys) -> None:
    made = await keys.create(pb.CreateApiKeyRequest(name=" Rina ", scopes=["read", "review", "read"]))
    assert made.secret.startswith("ias_")
    assert (made.key.name, list(made.key.scopes)) == ("Rina", ["read", "review"])
    for known_by in ({"secret": made.secret}, {"key_id": made.key.key_id}):
        assert (await keys.authenticate(AuthenticateApiKeyRequest(**known_by))).key_id == made.key.key_id
    assert await refused(keys, secret=made.secret + "x") == "KEY_REFUSED"
    await keys.revoke(made.key.key_id)
    assert await refused(keys, secret=made.secret) == "KEY_REFUSED"
    assert await refused(keys, key_id=made.key.key_id) == "KEY_REFUSED"
    [listed] = await keys.all()
    assert listed.HasField("revoke_time")


async def test_a_key_ends_by_itself_and_its_secret_is_not_stored(keys: Keys) -> None:
    made = await keys.create(pb.CreateApiKeyRequest(name="Program", scopes=["submit"], expire_days=1))
    async with keys._sessions.begin() as db:
        stored = " ".join(str(value) for row in await db.execute(text("select * from api_keys")) for value in row)
        assert made.secret not in stored
        await db.execute(update(ApiKeyRow).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert await refused(keys, secret=made.secret) == "KEY_REFUSED"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "", "scopes": ["read"]}, "name"),
        ({"name": "A", "scopes": []}, "scopes"),
        ({"name": "A", "scopes": ["root"]}, "scopes"),
        ({"name": "A", "scopes": ["read"], "expire_days": 9999}, "expire_days"),
    ],
)
async def test_a_wrong_key_is_not_made(keys: Keys, fields: dict[str, object], field: str) -> None:
    with pytest.raises(ServiceError) as caught:
        await keys.create(pb.CreateApiKeyRequest(**fields))  # type: ignore[arg-type]
    assert caught.value.metadata == {"field": field}
    with pytest.raises(ServiceError, match="no key"):
        await keys.revoke("unknown")
