"""Signing in at the company's server: the authorization code flow (OpenID Connect Core 3.1) with PKCE (RFC 7636)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from gateway.access.company.attempt import Attempt
from gateway.access.company.provider import TIMEOUT_S, UNREADABLE, Provider
from gateway.errors import token_refused
from gateway.settings import GatewaySettings
from servicekit.errors import ServiceError, upstream_down
from servicekit.telemetry.logs import get_logger

log = get_logger()


class CodeFlow:
    """Leads a browser to the server, and makes claims of the code that it comes back with."""

    def __init__(self, settings: GatewaySettings, provider: Provider) -> None:
        """As the client that the settings name."""
        self._settings, self._provider = settings, provider

    async def address(self, attempt: Attempt, redirect_uri: str) -> str:
        """Where the browser goes. Raises UPSTREAM_DOWN."""
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": redirect_uri,
            "scope": self._settings.oidc_scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return _with(str((await self._provider.description())["authorization_endpoint"]), asked)

    async def claims(self, attempt: Attempt, code: str, redirect_uri: str) -> tuple[dict[str, Any], str]:
        """What the server says of who signed in, and the ID token that says so.

        Raises TOKEN_REFUSED for a code that is used, or not this attempt's, and for a token that is not; UPSTREAM_DOWN.
        """
        description = await self._provider.description()
        given = await self._exchange(description, attempt, code, redirect_uri)
        token = str(given.get("id_token", ""))
        claims = await self._provider.claims(token, self._settings.oidc_client_id)
        if not secrets.compare_digest(str(claims.get("nonce", "")), attempt.nonce):
            raise token_refused("This sign-in was not begun here: sign in again.")
        if claims.get("azp", self._settings.oidc_client_id) != self._settings.oidc_client_id:
            raise token_refused("This sign-in is for another system.")
        more = await self._more(description, str(given.get("access_token", "")))
        # Core 5.3.2: what is said about somebody else must not be used.
        return (more | claims if more.get("sub") == claims["sub"] else claims), token

    async def way_out(self, id_token: str, back: str) -> str:
        """Where a browser goes to sign out at the server too; empty where it has no such place."""
        try:
            place = (await self._provider.description()).get("end_session_endpoint")
        except ServiceError:
            return ""
        asked = {"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": back}
        return _with(str(place), asked | {"id_token_hint": id_token}) if place else ""

    async def _exchange(
        self, description: Mapping[str, Any], attempt: Attempt, code: str, redirect_uri: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": attempt.verifier,
        }
        name, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret.get_secret_value()
        methods = description.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        # RFC 6749 2.3.1: both are form-encoded before they become a user name and a password.
        basic = httpx.BasicAuth(quote(name, safe=""), quote(secret, safe="")) if secret else None
        if not secret or "client_secret_basic" not in methods:
            form |= {"client_id": name} | ({"client_secret": secret} if secret else {})
            basic = None
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                answer = await client.post(
                    str(description["token_endpoint"]), data=form, auth=basic or httpx.USE_CLIENT_DEFAULT
                )
            if 400 <= answer.status_code < 500:
                log.warning("code refused by the sign-in server", status=answer.status_code)
                raise token_refused("The sign-in server did not accept this sign-in: sign in again.")
            return dict(answer.raise_for_status().json())
        except UNREADABLE as error:
            log.warning("no answer of the sign-in server", error_type=type(error).__name__)
            raise upstream_down("The sign-in server") from None

    async def _more(self, description: Mapping[str, Any], access_token: str) -> dict[str, Any]:
        """What only its other place tells, as many servers do with addresses; nothing where that does not answer."""
        if not access_token or not description.get("userinfo_endpoint"):
            return {}
        headers = {"Authorization": f"Bearer {access_token}"}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                found = await client.get(str(description["userinfo_endpoint"]), headers=headers)
                return dict(found.raise_for_status().json())
        except UNREADABLE as error:
            log.warning("no claims of the sign-in server", error_type=type(error).__name__)
            return {}


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
