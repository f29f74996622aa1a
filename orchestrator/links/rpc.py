"""Candidates' links over gRPC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.links.identifiers import check_id, check_sha256
from orchestrator.links.store import LinkStore
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.request import MAX_NAME, check_text, page_size
from orchestrator.sessions.wire import page_token, page_token_value
from servicekit.errors import field_invalid
from servicekit.wire import timestamp


class LinkCalls:
    """Records, lists, finds and ends links."""

    def __init__(self, links: LinkStore) -> None:
        """Use these links."""
        self._links = links

    async def CreateLink(self, request: pb.CreateLinkRequest, context: Any) -> pb.CreateLinkResponse:
        """Record a link."""
        check_text("owner", request.owner, 0, MAX_NAME)
        row = LinkRow(
            id=check_id("link_id", request.link_id),
            token_sha256=check_sha256("token_sha256", request.token_sha256),
            owner=request.owner,
            created_at=datetime.now(UTC),
            expires_at=_moment("expire_time", request.expire_time),
        )
        await self._links.create(row)
        return pb.CreateLinkResponse(link=await self._message(row))

    async def ListLinks(self, request: pb.ListLinksRequest, context: Any) -> pb.ListLinksResponse:
        """A page of links, newest first."""
        check_text("owner", request.owner, 0, MAX_NAME)
        size = page_size(request.page_size)
        rows = await self._links.page(size + 1, page_token_value(request.page_token), request.owner)
        used = await self._links.used([row.id for row in rows])
        token = page_token(rows[size - 1]) if len(rows) > size else ""
        links = [link_message(row, row.id in used) for row in rows[:size]]
        return pb.ListLinksResponse(links=links, next_page_token=token)

    async def GetLink(self, request: pb.GetLinkRequest, context: Any) -> pb.GetLinkResponse:
        """The link with a token."""
        sha256 = check_sha256("token_sha256", request.token_sha256)
        return pb.GetLinkResponse(link=await self._message(await self._links.by_token(sha256)))

    async def RevokeLink(self, request: pb.RevokeLinkRequest, context: Any) -> pb.RevokeLinkResponse:
        """End a link."""
        check_text("link_id", request.link_id, 0, MAX_NAME)
        return pb.RevokeLinkResponse(link=await self._message(await self._links.revoke(request.link_id, request.owner)))

    async def _message(self, row: LinkRow) -> pb.Link:
        return link_message(row, bool(await self._links.used([row.id])))


def link_message(row: LinkRow, used: bool) -> pb.Link:
    """A link on the wire; `used`: it has become a session."""
    return pb.Link(
        link_id=row.id,
        state=_state(row, used),
        owner=row.owner,
        create_time=timestamp(row.created_at),
        expire_time=timestamp(row.expires_at),
        revoke_time=timestamp(row.revoked_at),
    )


def _state(row: LinkRow, used: bool) -> pb.LinkState.ValueType:
    if row.revoked_at is not None:
        return pb.LINK_STATE_REVOKED
    if used:
        return pb.LINK_STATE_USED
    return pb.LINK_STATE_EXPIRED if row.expires_at <= datetime.now(UTC) else pb.LINK_STATE_OPEN


def _moment(name: str, value: Timestamp) -> datetime:
    try:
        return value.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise field_invalid(name, "must be a moment from the year 1 to 9999") from None
