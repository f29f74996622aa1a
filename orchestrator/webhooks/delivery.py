"""Telling the caller's own system that a session has ended."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import grpc
import httpx

from orchestrator.download.downloader import GuardedTransport
from orchestrator.sessions.tables import SessionRow
from orchestrator.settings import WorkerSettings
from orchestrator.translations.store import waiting
from orchestrator.vault.organisation_secrets import OrganisationSecrets
from servicekit.errors import ServiceError, upstream_down
from servicekit.organisation import DEFAULT

TIMEOUT_S = 10.0
WHOLE_TIMEOUT_S = 30.0
"""However slowly the answer's head drips in."""
SIGNATURE = "Interview-Signature"


def signature(secrets: Sequence[str], body: bytes, at: int) -> str:
    """`t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, with a `v1` for each secret; the time is signed, so that
    old ones can be refused.
    """
    macs = [hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256) for secret in secrets]
    return ",".join((f"t={at}", *(f"v1={mac.hexdigest()}" for mac in macs)))


def message(row: SessionRow) -> bytes:
    """What is sent: which session ended how, and how many translations follow. Nothing about the candidate."""
    ended = (row.ended_at or datetime.now(UTC)).isoformat()
    state = row.state.lower()
    event = {"event": f"session.{state}", "session_id": row.id, "state": state, "at": ended}
    return json.dumps(event | {"translating": len(waiting(row))}).encode()


class Webhooks:
    """Posts to callers' addresses, never into internal networks, redirects not followed."""

    def __init__(self, settings: WorkerSettings, secrets: OrganisationSecrets | None = None) -> None:
        """What is allowed comes from the settings, and so does the secret of organisations that have none in
        `secrets`.
        """
        self._secrets = secrets
        self._secret = settings.webhook_secret.get_secret_value()
        self._allow_private = settings.allow_private_urls
        self._greenhouse_key = settings.greenhouse_key.get_secret_value()

    async def send(self, row: SessionRow) -> int:
        """Tell the session's address how it ended. Returns and raises as `post` does."""
        return await self.post(row.webhook_url, message(row), row.organisation)

    async def post(self, url: str, body: bytes, organisation: str = DEFAULT) -> int:
        """Send a body that an organisation has signed to an address; any 2xx is enough, and is returned.

        Raises UPSTREAM_DOWN (retried) when it does not answer or fails, WEBHOOK_REFUSED when it answers no, and
        URL_FORBIDDEN for internal addresses; `answered_code` says what was answered.
        """
        signing = await self._secrets.signing(organisation, self._secret) if self._secrets else [self._secret]
        headers = {"Content-Type": "application/json", SIGNATURE: signature(signing, body, int(time.time()))}
        return await self.request("POST", url, body, headers)

    async def complete(self, url: str) -> int:
        """Tell Greenhouse that a test was completed: its key, and nothing else. Returns and raises as `post` does,
        GREENHOUSE_OFF without a key, URL_FORBIDDEN where the key would travel in the clear.
        """
        if not self._greenhouse_key:
            text = "No key of Greenhouse is set for the worker: INTERVIEW_GREENHOUSE_KEY."
            raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "GREENHOUSE_OFF", text)
        if not url.startswith("https://") and not self._allow_private:
            text = "Greenhouse is only told over https."
            raise ServiceError(grpc.StatusCode.INVALID_ARGUMENT, "URL_FORBIDDEN", text)
        shown = base64.b64encode(f"{self._greenhouse_key}:".encode()).decode()
        return await self.request("PATCH", url, b"", {"Authorization": f"Basic {shown}"})

    async def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> int:
        """Send a request as it is. Returns and raises as `post` does."""
        try:
            async with asyncio.timeout(WHOLE_TIMEOUT_S):
                code = await self._code(method, url, body, headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            raise upstream_down("The webhook's server") from None
        if code >= 500 or code in (408, 429):
            error = upstream_down("The webhook's server")
            error.metadata["code"] = str(code)
            raise error
        if not 200 <= code < 300:
            text, answered = f"The webhook's server answered {code}.", {"code": str(code)}
            raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "WEBHOOK_REFUSED", text, answered)
        return code

    async def _code(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The answer's code; its body is left unread, however long or packed it is."""
        transport = GuardedTransport(self._allow_private)
        async with (
            httpx.AsyncClient(transport=transport, timeout=TIMEOUT_S, trust_env=False) as client,
            client.stream(method, url, content=body, headers=headers) as response,
        ):
            return response.status_code


def answered_code(error: ServiceError) -> int | None:
    """The HTTP code that a failed delivery was answered with; None where no answer came."""
    code = error.metadata.get("code", "")
    return int(code) if code else None
