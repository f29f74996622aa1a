"""Wrapping with HashiCorp Vault's transit engine: https://developer.hashicorp.com/vault/api-docs/secret/transit."""

from __future__ import annotations

import base64
import re
from typing import Any

import httpx

from orchestrator.settings import VaultSettings
from orchestrator.vault.wrapping.wrapped import UnwrapError, Wrapped, key_name_refused
from servicekit.errors import storage_down
from servicekit.telemetry.logs import get_logger

log = get_logger()
KIND = "vault"
TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 64 << 10
_NAME = re.compile(r"[\w.-]{1,128}", re.ASCII)


class VaultTransit:
    """A key of type `aes256-gcm96` or another that takes associated data. Its versions are Vault's."""

    def __init__(self, settings: VaultSettings) -> None:
        """Nothing is connected yet."""
        self._settings = settings
        verify: Any = settings.vault_ca_file or True
        self._client = httpx.AsyncClient(
            base_url=settings.vault_url, timeout=TIMEOUT_S, verify=verify, trust_env=False, follow_redirects=False
        )

    async def wrap(self, secret: bytes, context: str, key_name: str = "") -> Wrapped:
        """Encrypt with the latest version of the key of the settings, or of the one named."""
        if key_name and not _NAME.fullmatch(key_name):
            raise key_name_refused("a key of Vault has a name of letters, digits, dots, hyphens and underscores")
        key = key_name or self._settings.vault_key
        asked = {"plaintext": _text(secret), "associated_data": _text(context.encode())}
        ciphertext = str((await self._call("encrypt", key, asked))["ciphertext"])
        version = ciphertext.split(":")[1]
        return Wrapped(f"{KIND}:{self._settings.vault_mount}/{key}:{version}", ciphertext.encode())

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Decrypt with the key and the version that the wrapped key names."""
        asked = {"ciphertext": wrapped.content.decode(), "associated_data": _text(context.encode())}
        key = wrapped.by.rpartition("/")[2].partition(":")[0]
        return base64.b64decode(str((await self._call("decrypt", key, asked))["plaintext"]))

    async def close(self) -> None:
        await self._client.aclose()

    async def _call(self, name: str, key: str, body: dict[str, str]) -> dict[str, Any]:
        path = f"/v1/{self._settings.vault_mount}/{name}/{key}"
        try:
            answer = await self._client.post(path, json=body, headers={"X-Vault-Token": self._token()})
            if answer.status_code == 400 and name == "decrypt":
                raise UnwrapError("Vault cannot open the wrapped key")
            if answer.status_code in (400, 403, 404) and key != self._settings.vault_key and name == "encrypt":
                raise key_name_refused(f"Vault answered {answer.status_code}")
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
