"""OpenID Connect: bearer tokens of a company's own sign-in, and what its claims make of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.access.company.provider import Provider
from gateway.access.principal import ALL
from gateway.access.scopes import ROLES
from gateway.errors import token_refused
from gateway.settings import GatewaySettings


class OpenIdConnect:
    """People of one issuer: what their claims say of them."""

    def __init__(self, settings: GatewaySettings) -> None:
        """Nothing is asked of the issuer yet."""
        self.provider = Provider(settings.oidc_issuer)
        self._settings = settings

    async def claims(self, token: str) -> dict[str, Any]:
        """What a bearer token says. Raises TOKEN_REFUSED, and UPSTREAM_DOWN without the issuer's keys."""
        if not self._settings.oidc_audience:
            raise token_refused("Tokens are not taken here: sign in on the page, or send an API key.")
        return await self.provider.claims(token, self._settings.oidc_audience)

    def scopes(self, claims: Mapping[str, Any]) -> frozenset[str]:
        """What a token lets its bearer do."""
        return frozenset(_names(claims.get(self._settings.oidc_scope_claim))) & ALL

    def organisation(self, claims: Mapping[str, Any]) -> str:
        """The organisation that the claims name; empty where they need not.

        Raises TOKEN_REFUSED where they must and do not.
        """
        if not self._settings.oidc_organisation_claim:
            return ""
        names = _names(claims.get(self._settings.oidc_organisation_claim))
        if len(names) != 1:
            raise token_refused("Your sign-in names no organisation, or several. Ask who runs the sign-in server.")
        return names[0]

    def role(self, claims: Mapping[str, Any]) -> str:
        """The strongest role that the claims name; empty: none."""
        names = _names(claims.get(self._settings.oidc_role_claim)) if self._settings.oidc_role_claim else []
        return next((role for role in ROLES if role in names), "")

    def email(self, claims: Mapping[str, Any]) -> str:
        """The address, if the server has verified it."""
        verified = claims.get("email_verified") is True or self._settings.oidc_trust_emails
        found = claims.get("email")
        return found if verified and isinstance(found, str) else ""


def display_name(claims: Mapping[str, Any]) -> str:
    """What people call the person."""
    return str(claims.get("name") or claims.get("preferred_username") or claims.get("email") or claims["sub"])


def _names(found: Any) -> list[str]:
    """A text with spaces between, or an array."""
    names = found.split() if isinstance(found, str) else found if isinstance(found, list | tuple) else ()
    return [name for name in names if isinstance(name, str)]
