"""People of the company's sign-in server: which organisation they are in, and what they may do there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from interview.organisations.v1 import organisations_service_pb2 as pb

from gateway.access.believed import Believed
from gateway.access.company.claims import OpenIdConnect, display_name
from gateway.access.principal import ADMIN, Principal
from gateway.access.scopes import ROLES
from gateway.errors import not_a_member, token_refused
from gateway.organisation import acting, acting_for
from gateway.organisations.orchestrator import Organisations
from servicekit.enums import number_of, short_name
from servicekit.errors import ServiceError
from servicekit.organisation import DEFAULT


class Place(NamedTuple):
    """An organisation that somebody may act for."""

    organisation_id: str
    name: str


UNKNOWN = ("MEMBER_NOT_FOUND", "ORGANISATION_NOT_FOUND")


class People:
    """Members are believed for half a minute; whoever was removed is out then."""

    def __init__(self, organisations: Organisations) -> None:
        """Nobody has come yet."""
        self._organisations = organisations
        self._members = Believed[pb.Member]()

    async def bearer(self, oidc: OpenIdConnect, token: str, chosen: str = "") -> Principal:
        """Whose token it is: a member with no more than the token lets its bearer do, or whoever has its scopes.

        `chosen`: the organisation that they want to act for; empty: whichever comes first. Raises TOKEN_REFUSED,
        NOT_A_MEMBER of that, and UPSTREAM_DOWN without the issuer's keys.
        """
        claims = await oidc.claims(token)
        scopes, organisation = oidc.scopes(claims), oidc.organisation(claims)
        asked = _request(oidc, claims)
        if chosen and not organisation:
            asked.organisation_id = chosen
            if chosen != DEFAULT:  # the claimed role is for that one
                asked.role = pb.ROLE_UNSPECIFIED
        member = await self._member(asked, UNKNOWN if chosen else UNKNOWN[:1])
        if member is not None:
            return _principal(member, scopes)
        if chosen not in ("", organisation or DEFAULT):
            raise not_a_member()
        return Principal(f"oidc:{claims['sub']}", display_name(claims), scopes, organisation or DEFAULT)

    async def entered(self, oidc: OpenIdConnect, claims: Mapping[str, Any]) -> pb.Member:
        """The member who has signed in on the page. Raises NOT_A_MEMBER, TOKEN_REFUSED."""
        try:
            return await self._organisations.sign_in(_request(oidc, claims))
        except ServiceError as error:
            if error.reason not in UNKNOWN:
                raise
            raise not_a_member() from None

    async def known(self, member_id: str) -> Principal:
        """The member of the request's organisation behind a cookie. Raises TOKEN_REFUSED for one who was removed."""
        name = f"{acting()} {member_id}"
        member = self._members.get(name)
        if member is None:
            try:
                member = await self._organisations.member(member_id)
            except ServiceError as error:
                if error.reason not in UNKNOWN:
                    raise
                raise token_refused("This sign-in has ended: sign in again.") from None
            self._members.keep(name, member)
        return _principal(member)

    async def places(self, principal: Principal) -> list[Place]:
        """The organisations that a member may act for, by name; those of a key or a token: its own."""
        return await self._places(principal.subject, principal.organisation) if principal.member else []

    async def places_of(self, member: pb.Member) -> list[Place]:
        """The same of somebody who has just signed in."""
        return await self._places(member.subject, member.organisation_id)

    async def _places(self, subject: str, organisation: str) -> list[Place]:
        with acting_for(organisation):
            found = await self._organisations.memberships(subject)
        return [Place(each.organisation_id, each.name) for each in found]

    async def elsewhere(self, principal: Principal, organisation: str) -> Principal:
        """The same person in another organisation. Raises NOT_A_MEMBER where they are no member of one by that id."""
        asked = pb.SignInMemberRequest(subject=principal.subject, organisation_id=organisation)
        member = await self._member(asked, UNKNOWN) if principal.member else None
        if member is None:
            raise not_a_member()
        return _principal(member)

    async def _member(self, asked: pb.SignInMemberRequest, unknown: Sequence[str]) -> pb.Member | None:
        """The member, None for one of these reasons."""
        name = asked.SerializeToString(deterministic=True).hex()
        member = self._members.get(name)
        if member is None:
            try:
                with acting_for(DEFAULT):
                    member = await self._organisations.sign_in(asked)
            except ServiceError as error:
                if error.reason not in unknown:
                    raise
                member = pb.Member()
            self._members.keep(name, member)
        return member if member.member_id else None


def _request(oidc: OpenIdConnect, claims: Mapping[str, Any]) -> pb.SignInMemberRequest:
    role = oidc.role(claims)
    return pb.SignInMemberRequest(
        subject=str(claims["sub"]),
        verified_email=oidc.email(claims),
        name=display_name(claims),
        organisation_id=oidc.organisation(claims) or (DEFAULT if role else ""),
        role=number_of(pb.Role.DESCRIPTOR, role) if role else pb.ROLE_UNSPECIFIED,  # type: ignore[arg-type]
    )


def _principal(member: pb.Member, claimed: frozenset[str] = frozenset()) -> Principal:
    """A member, with what their role allows and, of that, no more than a token claims."""
    allowed = ROLES.get(short_name(pb.Role.DESCRIPTOR, member.role).lower(), frozenset())
    if claimed and ADMIN not in claimed:
        allowed = claimed if ADMIN in allowed else allowed & claimed
    name = member.name or member.email or member.subject
    return Principal(f"oidc:{member.subject}", name, allowed, member.organisation_id, member.member_id)
