"""Signing a browser in and out, and who one is."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway.access.company.routes import way_out
from gateway.access.cookies import WAY_OUT, SignedIn, set_cookie, signed_out
from gateway.access.principal import ANYONE
from gateway.access.schemas import Choice, Me, Place, SignedOut, SignIn, Ways
from gateway.dependencies import PartsDep, PrincipalDep
from gateway.errors import not_a_member
from gateway.schemas import ErrorBody

router = APIRouter(prefix="/v1", tags=["Sign-in (v1)"])


@router.post("/sign-in", summary="Sign a browser in", status_code=204, responses={401: {"model": ErrorBody}})
async def sign_in(body: SignIn, request: Request, parts: PartsDep) -> Response:
    """Check a key and set a cookie that names it for twelve hours; the key itself is not kept."""
    principal = await parts.guard.sign_in(request, body.key.get_secret_value().strip())
    response = Response(status_code=204)
    secure = parts.base_url(request).startswith("https://")
    set_cookie(response, SignedIn(principal.id, principal.organisation), parts.settings.signing_secret, secure)
    return response


@router.post("/sign-out", summary="Sign a browser out")
async def sign_out(request: Request, response: Response, parts: PartsDep) -> SignedOut:
    """Take the cookies back. Who signed in at the company's server goes to `location` to sign out there too."""
    signed_out(response)
    return SignedOut(location=await way_out(request, parts, request.cookies.get(WAY_OUT, "")))


@router.get("/me", summary="Who one is", responses={401: {"model": ErrorBody}})
async def me(request: Request, parts: PartsDep) -> Me:
    """The name and scopes of whoever asks."""
    principal = await parts.guard.principal(request) if parts.settings.sign_in else ANYONE
    places = [] if parts.guard.fixed else await parts.guard.people.places(principal)
    return Me(
        sign_in=parts.settings.sign_in,
        name=principal.name,
        scopes=sorted(principal.scopes),
        organisation=principal.organisation,
        organisations=[Place(**each._asdict()) for each in places] if len(places) > 1 else [],
    )


@router.post(
    "/me/organisation",
    summary="Act for another organisation",
    status_code=204,
    responses={401: {"model": ErrorBody}, 403: {"model": ErrorBody}},
)
async def choose(body: Choice, request: Request, parts: PartsDep, principal: PrincipalDep) -> Response:
    """Of those that one is a member of; the browser's sign-in is for that one from now on."""
    if parts.guard.fixed:
        raise not_a_member()
    there = await parts.guard.people.elsewhere(principal, body.organisation_id)
    response = Response(status_code=204)
    who = SignedIn(f"member:{there.member}", there.organisation)
    set_cookie(response, who, parts.settings.signing_secret, parts.base_url(request).startswith("https://"))
    return response


@router.get("/sign-in/ways", summary="How one can sign in")
async def ways(parts: PartsDep) -> Ways:
    """Whether there is the company's own sign-in, beside keys."""
    return Ways(oidc=bool(parts.settings.oidc_client_id))
