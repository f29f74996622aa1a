"""Signing a browser in and out, and who one is."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway.access.cookies import COOKIE, SignedIn, set_cookie
from gateway.access.principal import ANYONE
from gateway.access.schemas import Me, SignIn
from gateway.dependencies import PartsDep
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


@router.post("/sign-out", summary="Sign a browser out", status_code=204)
async def sign_out() -> Response:
    """Take the cookie back."""
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


@router.get("/me", summary="Who one is", responses={401: {"model": ErrorBody}})
async def me(request: Request, parts: PartsDep) -> Me:
    """The name and scopes of whoever asks."""
    principal = await parts.guard.principal(request) if parts.settings.sign_in else ANYONE
    return Me(sign_in=parts.settings.sign_in, name=principal.name, scopes=sorted(principal.scopes))
