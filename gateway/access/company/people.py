"""People of the company's sign-in server: which organisation they are in, and what they may do there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

UNKNOWN = ("MEMBER_NOT_FOUND", "ORGANISATION_NOT_FOUND")


class People:
    """Members are believed for half a minute; whoever was removed is out then."""

    def __init__(self, organisations: Organisations) -> None:
        """Nobody has come yet."""
        self._organisations = organisations
        self._members = Believed[pb.Member]()

    async def bearer(self, oidc: OpenIdConnect, token: str) -> Principal:
        """Whose token it is: a member with no more than the token lets its bearer do, or whoever has its scopes.

        Raises TOKEN_REFUSED, and UPSTREAM_DOWN without the issuer's keys.
        """
        claims = await oidc.claims(token)
        scopes, organisation = oidc.scopes(claims), oidc.organisation(claims)
        member = await self._member(_request(oidc, claims))
        if member is not None:
            return _principal(member, scopes)
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

    async def _member(self, asked: pb.SignInMemberRequest) -> pb.Member | None:
        name = asked.SerializeToString(deterministic=True).hex()
        member = self._members.get(name)
        if member is None:
            try:
                with acting_for(DEFAULT):
                    member = await self._organisations.sign_in(asked)
            except ServiceError as error:
                if error.reason != "MEMBER_NOT_FOUND":
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
