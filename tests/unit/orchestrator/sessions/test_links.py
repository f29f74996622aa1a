"""Candidates' links in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from sqlalchemy import text, update

from orchestrator.database import open_engine
from orchestrator.links.rpc import LinkCalls
from orchestrator.links.store import LISTED_FOR, LinkStore
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from servicekit.errors import ServiceError
from servicekit.wire import timestamp
from tests.unit.orchestrator.sessions.test_store import row


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[LinkStore]:
    engine = open_engine(database)
    yield LinkStore(engine)
    await engine.dispose()


@pytest.fixture
def calls(store: LinkStore) -> LinkCalls:
    return LinkCalls(store)


def new(number: int, owner: str = "", **fields: Any) -> pb.CreateLinkRequest:
    ends = timestamp(datetime.now(UTC) + timedelta(hours=1))
    request = pb.CreateLinkRequest(
        link_id=f"{number:032x}", token_sha256=f"{number:064x}", owner=owner, expire_time=ends
    )
    request.MergeFrom(pb.CreateLinkRequest(**fields))
    return request


async def listed(calls: LinkCalls, **fields: Any) -> list[int]:
    page = await calls.ListLinks(pb.ListLinksRequest(**fields), None)
    return [int(link.link_id, 16) for link in page.links]


async def refused(call: Awaitable[object]) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await call
    return caught.value


async def test_links_are_found_listed_and_ended(calls: LinkCalls, database: DatabaseSettings) -> None:
    for number in range(3):
        await calls.CreateLink(new(number, "key:a" if number else "key:b"), None)
    assert await listed(calls) == [2, 1, 0]
    assert await listed(calls, owner="key:a") == [2, 1]
    first = await calls.ListLinks(pb.ListLinksRequest(page_size=2), None)
    assert await listed(calls, page_size=2, page_token=first.next_page_token) == [0]
    found = await calls.GetLink(pb.GetLinkRequest(token_sha256=f"{1:064x}"), None)
    assert (found.link.link_id, found.link.state) == (f"{1:032x}", pb.LINK_STATE_OPEN)
    assert (await refused(calls.RevokeLink(pb.RevokeLinkRequest(link_id=f"{1:032x}", owner="key:b"), None))).reason == (
        "LINK_NOT_FOUND"
    )
    ended = await calls.RevokeLink(pb.RevokeLinkRequest(link_id=f"{1:032x}", owner="key:a"), None)
    again = await calls.RevokeLink(pb.RevokeLinkRequest(link_id=f"{1:032x}"), None)
    assert ended.link.state == pb.LINK_STATE_REVOKED
    assert again.link.revoke_time == ended.link.revoke_time
    sessions = SessionStore(open_engine(database))
    await sessions.create(row(2))
    await sessions.close()
    states = [link.state for link in (await calls.ListLinks(pb.ListLinksRequest(), None)).links]
    assert states == [pb.LINK_STATE_USED, pb.LINK_STATE_REVOKED, pb.LINK_STATE_OPEN]


async def test_a_link_ends_by_itself_and_its_row_later(calls: LinkCalls, store: LinkStore) -> None:
    await calls.CreateLink(new(1, expire_time=timestamp(datetime.now(UTC) - timedelta(seconds=1))), None)
    found = await calls.GetLink(pb.GetLinkRequest(token_sha256=f"{1:064x}"), None)
    assert found.link.state == pb.LINK_STATE_EXPIRED
    async with store._sessions.begin() as db:
        await db.execute(update(LinkRow).values(expires_at=datetime.now(UTC) - LISTED_FOR - timedelta(seconds=1)))
    await calls.CreateLink(new(2), None)
    assert await listed(calls) == [2]


async def test_a_row_holds_nothing_but_what_revoking_needs(calls: LinkCalls, store: LinkStore) -> None:
    await calls.CreateLink(new(1, "key:a"), None)
    async with store._sessions() as db:
        [stored] = (await db.execute(text("select * from links"))).mappings()
    assert set(stored) == {"id", "token_sha256", "owner", "organisation", "created_at", "expires_at", "revoked_at"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"link_id": "x"}, "link_id"),
        ({"token_sha256": "X" * 64}, "token_sha256"),
        ({"owner": "x" * 201}, "owner"),
        ({"expire_time": Timestamp(seconds=1 << 60)}, "expire_time"),
        ({"expire_time": Timestamp(nanos=-1)}, "expire_time"),
    ],
)
async def test_a_wrong_link_is_not_recorded(calls: LinkCalls, fields: dict[str, Any], field: str) -> None:
    assert (await refused(calls.CreateLink(new(1, **fields), None))).metadata == {"field": field}


async def test_an_id_or_token_is_recorded_once(calls: LinkCalls) -> None:
    await calls.CreateLink(new(1), None)
    assert (await refused(calls.CreateLink(new(1), None))).reason == "LINK_EXISTS"
    assert (await refused(calls.CreateLink(new(2, token_sha256=f"{1:064x}"), None))).reason == "LINK_EXISTS"
