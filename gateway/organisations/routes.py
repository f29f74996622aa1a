"""`/v1/organisation`, `/v1/members` and `/v1/keys`: for the admins of an organisation."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from interview.organisations.v1 import organisations_service_pb2 as pb

from gateway.dependencies import PartsDep
from gateway.organisations.orchestrator import Organisations
from gateway.organisations.schemas import (
    Key,
    Keys,
    MadeKey,
    Member,
    Members,
    NewKey,
    NewMember,
    NewRole,
    Organisation,
)
from gateway.schemas import ErrorBody
from gateway.wire import body as filled
from gateway.wire import message

router = APIRouter(prefix="/v1", tags=["Organisation (v1)"], responses={400: {"model": ErrorBody}})
_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": ErrorBody}}


@router.get("/organisation", summary="One's organisation")
async def organisation(parts: PartsDep) -> Organisation:
    """Its id and name."""
    return filled(Organisation, await Organisations(parts.sessions).organisation())


@router.get("/members", summary="List members")
async def list_members(parts: PartsDep) -> Members:
    """Everybody who may sign in, and what they may do."""
    return Members(members=[filled(Member, found) for found in await Organisations(parts.sessions).members()])


@router.post("/members", summary="Add a member", status_code=201, responses={409: {"model": ErrorBody}})
async def add_member(body: NewMember, parts: PartsDep) -> Member:
    """They may sign in from now on, with the account that the sign-in server knows by this address."""
    request = message(pb.AddMemberRequest, body)
    return filled(Member, await Organisations(parts.sessions).add(request))


@router.put("/members/{member_id}", summary="Change a member's role", responses=_MISSING)
async def change_member(member_id: str, body: NewRole, parts: PartsDep) -> Member:
    """What they may do from now on, half a minute later at most. An organisation keeps one admin."""
    request = message(pb.ChangeMemberRequest, body)
    request.member_id = member_id
    return filled(Member, await Organisations(parts.sessions).change(request))


@router.delete("/members/{member_id}", summary="Remove a member", status_code=204, responses=_MISSING)
async def remove_member(member_id: str, parts: PartsDep) -> Response:
    """Their sign-ins end within half a minute; what they did stays. An organisation keeps one admin."""
    await Organisations(parts.sessions).remove(member_id)
    return Response(status_code=204)


@router.get("/keys", summary="List keys")
async def list_keys(parts: PartsDep) -> Keys:
    """The organisation's keys, those that have ended too, without their secrets."""
    return Keys(keys=[filled(Key, found) for found in await Organisations(parts.sessions).keys()])


@router.post("/keys", summary="Make a key", status_code=201)
async def create_key(body: NewKey, parts: PartsDep) -> MadeKey:
    """The secret is in this answer and never told again."""
    made = await Organisations(parts.sessions).create_key(message(pb.CreateKeyRequest, body))
    return filled(MadeKey, made.key, secret=made.secret)


@router.post("/keys/{key_id}:revoke", summary="End a key", responses=_MISSING)
async def revoke_key(key_id: str, parts: PartsDep) -> Key:
    """Nobody gets in with it any more, half a minute later at most."""
    return filled(Key, await Organisations(parts.sessions).revoke_key(key_id))
