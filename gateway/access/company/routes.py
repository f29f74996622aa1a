"""`/v1/sign-in/oidc`: to the company's sign-in server and back."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from gateway.access.company.attempt import PATH, Attempt, forget
from gateway.access.company.claims import OpenIdConnect
from gateway.access.company.code_flow import CodeFlow
from gateway.access.cookies import SignedIn, keep_way_out, set_cookie
from gateway.dependencies import Parts, PartsDep
from gateway.errors import sign_in_off, token_refused
from servicekit.errors import ServiceError
from servicekit.telemetry.logs import get_logger

log = get_logger()
router = APIRouter(tags=["Sign-in (v1)"])
SEE_OTHER = 303
PAGE = "/sign-in.html"
Text = Annotated[str, Query(max_length=4000)]


@router.get(PATH, summary="Sign in at the company's server", status_code=SEE_OTHER, response_class=RedirectResponse)
async def begin(request: Request, parts: PartsDep, next_page: Annotated[str, Query(alias="next")] = "") -> Response:
    """Send a browser to the sign-in server; it comes back to `next`, a path of this site."""
    attempt = Attempt.begin(next_page)
    try:
        address = await _flow(parts).address(attempt, _callback(request, parts))
    except ServiceError as error:
        return _problem(error)
    response = RedirectResponse(address, SEE_OTHER)
    attempt.keep(response, parts.settings.signing_secret, _secure(request, parts))
    return response


@router.get(f"{PATH}/callback", summary="Come back signed in", status_code=SEE_OTHER, response_class=RedirectResponse)
async def callback(
    request: Request, parts: PartsDep, code: Text = "", state: Text = "", iss: Text = "", error: Text = ""
) -> Response:
    """Make a sign-in of the server's answer to this browser's own question; anything else leads to the sign-in page."""
    try:
        response = await _signed_in(request, parts, code, state, iss, error)
    except ServiceError as failed:
        response = _problem(failed)
    forget(response)
    return response


async def _signed_in(request: Request, parts: Parts, code: str, state: str, iss: str, error: str) -> Response:
    """Raises TOKEN_REFUSED, NOT_A_MEMBER, RATE_LIMITED, UPSTREAM_DOWN."""
    oidc, attempt = _oidc(parts), Attempt.of(request, parts.settings.signing_secret)
    if attempt is None or not state or not attempt.belongs(state):
        raise token_refused("This sign-in was not begun in this browser, or too long ago: sign in again.")
    if error or not code or iss not in ("", oidc.provider.issuer):  # RFC 9207: the answer of another server
        raise token_refused("The sign-in server did not sign you in.")
    async with parts.guard.attempt(request, code):
        claims, id_token = await _flow(parts).claims(attempt, code, _callback(request, parts))
        member = await parts.guard.people.entered(oidc, claims)
    several = not parts.guard.fixed and len(await parts.guard.people.places_of(member)) > 1
    choosing = f"{PAGE}?{urlencode({'choose': '1', 'next': attempt.back})}"
    response = RedirectResponse(choosing if several else attempt.back, SEE_OTHER)
    who = SignedIn(f"member:{member.member_id}", member.organisation_id)
    set_cookie(response, who, parts.settings.signing_secret, _secure(request, parts))
    keep_way_out(response, id_token, _secure(request, parts))
    return response


async def way_out(request: Request, parts: Parts, id_token: str) -> str:
    """Where a browser that signed in at the server goes to sign out there too; empty where it need not."""
    if not id_token or not parts.settings.oidc_client_id:
        return ""
    return await _flow(parts).way_out(id_token, parts.base_url(request) + PAGE)


def _oidc(parts: Parts) -> OpenIdConnect:
    if parts.guard.oidc is None or not parts.settings.oidc_client_id:
        raise sign_in_off()
    return parts.guard.oidc


def _flow(parts: Parts) -> CodeFlow:
    return CodeFlow(parts.settings, _oidc(parts).provider)


def _callback(request: Request, parts: Parts) -> str:
    return f"{parts.base_url(request)}{PATH}/callback"


def _secure(request: Request, parts: Parts) -> bool:
    return parts.base_url(request).startswith("https://")


def _problem(error: ServiceError) -> Response:
    """Back to the sign-in page, which says what is wrong in the reader's language."""
    log.warning("not signed in", reason=error.reason)
    return RedirectResponse(f"{PAGE}?problem={error.reason}", SEE_OTHER)
