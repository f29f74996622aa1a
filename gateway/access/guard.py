"""Before every operation: whose page asks, who asks, whether they may, and whether they ask too often."""

from __future__ import annotations

import hmac
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from fastapi import Request
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from starlette.routing import Route

from gateway.access.believed import Believed
from gateway.access.company.claims import OpenIdConnect
from gateway.access.company.people import People
from gateway.access.cookies import SignedIn, signed_in
from gateway.access.invitation import Invitation, basic_user, bearer_token, fingerprint
from gateway.access.limits import Limits, address
from gateway.access.origin import check_origin
from gateway.access.principal import ANYONE, KEY_PREFIX, Principal
from gateway.access.reads import Reads
from gateway.access.scopes import AFTERWARDS, BY_LINK, BY_PARTNER, NEEDED, RESUMABLE, REVEALING
from gateway.errors import (
    greenhouse_off,
    link_deleted,
    link_expired,
    link_refused,
    not_a_member,
    not_signed_in,
    partner_refused,
    scope_missing,
    scorecard_first,
    session_not_found,
)
from gateway.orchestrator import Sessions
from gateway.organisation import act_for, acting, acting_for
from gateway.organisations.orchestrator import Organisations
from gateway.settings import GatewaySettings
from servicekit.errors import ServiceError
from servicekit.organisation import DEFAULT

UPLOADS = frozenset({"/upload", "/upload_json", "/v1/upload-link", "/v1/sessions", *RESUMABLE})
ORGANISATION = "interview-organisation"
"""Header that names the organisation to act for, of those that one is a member of."""

RECEIPT = "/v1/sessions/{session_id}/receipt"
"""Of a session that is gone: the receipt itself knows whose it was."""


class Guard:
    """Knows principals by key, token or cookie, and candidates by their link."""

    def __init__(self, settings: GatewaySettings, sessions: Sessions) -> None:
        """Ask nothing yet."""
        self._settings, self._sessions = settings, sessions
        self.oidc = OpenIdConnect(settings) if settings.oidc_issuer else None
        self.people = People(Organisations(sessions))
        self._limits, self._reads = Limits(settings), Reads(sessions)
        self._keys, self._links = Believed[Principal](), Believed[datetime]()

    async def check(self, request: Request) -> None:
        """Let the request pass with its principal, or raise why not."""
        route = request.scope["route"]
        assert isinstance(route, Route)
        check_origin(request, route.path, self._settings)
        operation = request.method if request.method != "HEAD" else "GET", route.path
        needed = NEEDED.get(operation, frozenset({"admin"}))
        act_for(DEFAULT)
        principal = await self.principal(request) if needed else ANYONE
        request.state.principal = principal
        act_for(principal.organisation, self.viewer(principal))
        who = principal.id or address(request)
        if operation in BY_LINK:
            request.state.invitation = invitation, _ = await self._invitation(request, operation in AFTERWARDS)
            act_for(invitation.organisation)
            who = f"link:{invitation.session_id}"  # candidates may share an address, and one of them may be slow
        if operation in BY_PARTNER:
            await self._partner(request)
        await self._limits.request(who, request.method == "POST" and route.path in UPLOADS)
        if not principal.may(needed):
            raise scope_missing(needed)
        await self._owned(request, principal)
        await self._rated(operation, request, principal)
        await self._reads.record(route.path, request, principal)

    async def principal(self, request: Request) -> Principal:
        """Who asks, in the organisation that the request names, if it does.

        Raises NOT_SIGNED_IN, KEY_REFUSED, TOKEN_REFUSED, NOT_A_MEMBER, RATE_LIMITED.
        """
        chosen = request.headers.get(ORGANISATION, "")
        if not self._settings.sign_in:
            if chosen not in ("", ANYONE.organisation):
                raise not_a_member()
            return ANYONE
        found = await self._known(request, chosen)
        if chosen in ("", found.organisation):
            return found
        if self.fixed or {"authorization", "x-api-key"} & {*request.headers}:  # a token has said so before
            raise not_a_member()
        return await self.people.elsewhere(found, chosen)

    @property
    def fixed(self) -> bool:
        """Whether the sign-in server says for which organisation somebody acts."""
        return bool(self._settings.oidc_organisation_claim)

    async def _known(self, request: Request, chosen: str) -> Principal:
        if token := bearer_token(request.headers.get("authorization", "")):
            async with self._limits.attempt(request, token):
                return await self._bearer(token, chosen)
        if secret := request.headers.get("x-api-key", ""):
            return await self.sign_in(request, secret)
        if found := signed_in(request, self._settings.signing_secret):
            async with self._limits.attempt(request, f"{found.organisation} {found.subject}"):
                return await self._signed_in(found)
        raise not_signed_in()

    async def sign_in(self, request: Request, secret: str) -> Principal:
        """The principal of a key that somebody shows. Raises KEY_REFUSED, RATE_LIMITED."""
        async with self._limits.attempt(request, secret):
            return await self._key(secret=secret)

    def attempt(self, request: Request, credential: str) -> AbstractAsyncContextManager[None]:
        """Around finding out whether a credential is good. Raises RATE_LIMITED."""
        return self._limits.attempt(request, credential)

    async def _signed_in(self, found: SignedIn) -> Principal:
        """Whom a cookie names, asked for in the organisation that it names."""
        kind, _, known_id = found.subject.partition(":")
        with acting_for(found.organisation):
            return await (self._key(known_id=known_id) if kind == "key" else self.people.known(known_id))

    async def _key(self, secret: str = "", known_id: str = "") -> Principal:
        name = secret or f"id {acting()} {known_id}"
        if (kept := self._keys.get(name)) is not None:
            return kept
        found = await self._sessions.authenticate(secret, known_id)
        organisation = found.organisation_id or DEFAULT
        known = Principal(f"key:{found.key_id}", found.name, frozenset(found.scopes), organisation)
        return self._keys.keep(name, known)

    async def _bearer(self, token: str, chosen: str) -> Principal:
        if token.startswith(KEY_PREFIX) or self.oidc is None:
            return await self._key(secret=token)
        return await self.people.bearer(self.oidc, token, chosen)

    async def _partner(self, request: Request) -> None:
        """Whether Greenhouse asks, by its key as a user's name. Raises GREENHOUSE_OFF, KEY_REFUSED, RATE_LIMITED."""
        key = self._settings.greenhouse_key.get_secret_value()
        if not key:
            raise greenhouse_off()
        shown = basic_user(request.headers.get("authorization", ""))
        async with self._limits.attempt(request, shown):
            if not hmac.compare_digest(shown.encode(), key.encode()):
                raise partner_refused()

    async def _invitation(self, request: Request, ended: bool) -> tuple[Invitation, datetime]:
        """What the link in the request opens, and until when; `ended`: even where that is over.

        Raises LINK_REFUSED, RATE_LIMITED.
        """
        token = bearer_token(request.headers.get("authorization", ""))
        async with self._limits.attempt(request, token):
            found, ends = Invitation.read(token, self._settings.signing_secret, ended)
            with acting_for(found.organisation):
                return found, await self._listed_end(found, fingerprint(token), ended) if found.listed else ends

    async def _listed_end(self, invitation: Invitation, token_sha256: str, ended: bool) -> datetime:
        """Until when a link works that can be revoked and prolonged. Raises LINK_REFUSED, SESSION_DELETED."""
        ends = self._links.get(token_sha256)
        if ends is None:
            ends = await self._sessions.link_end(token_sha256)
            if ends is None:
                await self._check_not_deleted(invitation.session_id)
                raise link_refused("This link was withdrawn. Ask the recruiter for a new one.")
            self._links.keep(token_sha256, ends)
        if ends <= datetime.now(UTC) and not ended:
            raise link_expired()
        return ends

    async def _check_not_deleted(self, session_id: str) -> None:
        """With a session its link goes too, which nobody has withdrawn. Raises SESSION_DELETED."""
        try:
            await self._sessions.get(session_id)
        except ServiceError as error:
            if error.reason == "SESSION_DELETED":
                raise link_deleted() from None

    async def _owned(self, request: Request, principal: Principal) -> None:
        """Where sessions are for their submitters only, another's looks as if it did not exist."""
        session_id = request.path_params.get("session_id")
        if session_id is None or not self.restricted(principal) or request.scope["route"].path == RECEIPT:
            return
        if (await self._sessions.get(session_id)).owner != principal.id:
            raise session_not_found()

    async def _rated(self, operation: tuple[str, str], request: Request, principal: Principal) -> None:
        """Under blind review a reviewer rates a session before they see what others, or the machine, made of it."""
        session_id = request.path_params.get("session_id")
        if session_id is None or operation not in REVEALING or not self.rater(principal):
            return
        session = await self._sessions.find(session_id)
        if session is not None and not await self.sees(session, principal):
            raise scorecard_first()

    async def sees(self, session: pb.Session, principal: Principal) -> bool:
        """Whether this principal may see what others, or the machine, made of a session."""
        rater = self.rater(principal)
        return not (session.blind and rater) or await self._sessions.has_rated(session.session_id, rater)

    def rater(self, principal: Principal) -> str:
        """Who rates before they see; empty: whoever is no reviewer, `admin`, and everybody without sign-in."""
        reviews = self._settings.sign_in and "review" in principal.scopes and "admin" not in principal.scopes
        return principal.id if reviews else ""

    def viewer(self, principal: Principal) -> str:
        """Who sees only jobs that are open to them; empty: admins, auditors, and everybody without sign-in."""
        sees_all = not self._settings.sign_in or principal.scopes & {"admin", "audit"}
        return "" if sees_all else principal.member or principal.id

    def restricted(self, principal: Principal) -> bool:
        """Whether this principal sees its own sessions only."""
        return self._settings.session_access == "owner" and "admin" not in principal.scopes

    def own(self, principal: Principal) -> str:
        """Whose things this principal sees: its own id, or empty for everybody's."""
        return principal.id if self.restricted(principal) else ""
