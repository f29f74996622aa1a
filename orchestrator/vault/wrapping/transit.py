"""Wrapping with HashiCorp Vault's transit engine: https://developer.hashicorp.com/vault/api-docs/secret/transit."""

from __future__ import annotations

import base64
from typing import Any

import httpx

from orchestrator.settings import VaultSettings
from orchestrator.vault.wrapping.wrapped import UnwrapError, Wrapped
from servicekit.errors import storage_down
from servicekit.telemetry.logs import get_logger

log = get_logger()
KIND = "vault"
TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 64 << 10


class VaultTransit:
    """A key of type `aes256-gcm96` or another that takes associated data. Its versions are Vault's."""

    def __init__(self, settings: VaultSettings) -> None:
        """Nothing is connected yet."""
        self._settings = settings
        verify: Any = settings.vault_ca_file or True
        self._client = httpx.AsyncClient(
            base_url=settings.vault_url, timeout=TIMEOUT_S, verify=verify, trust_env=False, follow_redirects=False
        )

    async def wrap(self, secret: bytes, context: str) -> Wrapped:
        """Encrypt with the latest version of the key."""
        found = await self._call("encrypt", {"plaintext": _text(secret), "associated_data": _text(context.encode())})
        ciphertext = str(found["ciphertext"])
        version = ciphertext.split(":")[1]
        s = self._settings
        return Wrapped(f"{KIND}:{s.vault_mount}/{s.vault_key}:{version}", ciphertext.encode())

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Decrypt with the version that the wrapped key names."""
        asked = {"ciphertext": wrapped.content.decode(), "associated_data": _text(context.encode())}
        return base64.b64decode(str((await self._call("decrypt", asked))["plaintext"]))

    async def close(self) -> None:
        await self._client.aclose()

    async def _call(self, name: str, body: dict[str, str]) -> dict[str, Any]:
        path = f"/v1/{self._settings.vault_mount}/{name}/{self._settings.vault_key}"
        try:
            answer = await self._client.post(path, json=body, headers={"X-Vault-Token": self._token()})
            if answer.status_code == 400 and name == "decrypt":
                raise UnwrapError("Vault cannot open the wrapped key")
            if answer.status_code != 200 or len(answer.content) > MAX_ANSWER_BYTES:
                log.error("key service refuses", kind=KIND, code=answer.status_code)
                raise storage_down("key service (Vault)")
            found: dict[str, Any] = answer.json()["data"]
        except (httpx.HTTPError, OSError, ValueError, KeyError) as error:
            log.error("key service away", kind=KIND, error_type=type(error).__name__)
            raise storage_down("key service (Vault)") from None
        return found

    def _token(self) -> str:
        """Read each time where it is in a file: Vault's agent renews it there."""
        file = self._settings.vault_token_file
        return file.read_text().strip() if file else self._settings.vault_token.get_secret_value()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
