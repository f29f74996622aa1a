"""Wrapping with AWS KMS: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html, `Decrypt`."""

from __future__ import annotations

import asyncio
from typing import Any

from orchestrator.settings import VaultSettings
from orchestrator.vault.wrapping.wrapped import UnwrapError, Wrapped, key_name_refused
from servicekit.errors import storage_down
from servicekit.telemetry.logs import get_logger

log = get_logger()
KIND = "aws-kms"
CONNECT_S, READ_S, TRIES = 5, 10, 3
_OF_THE_KEY = ("InvalidCiphertextException", "IncorrectKeyException", "InvalidKeyUsageException")
"""Errors that say that this one wrapped key cannot be opened; others are of the service, or of our rights there."""
_OF_THE_NAME = ("NotFoundException", "InvalidArnException", "DisabledException", "KMSInvalidStateException",
                "AccessDeniedException", "InvalidKeyUsageException", "ValidationException")  # fmt: skip
"""Errors that say that a key which somebody has named is none that can be used here."""


class AwsKms:
    """A symmetric key of AWS KMS. Who we are is found as in all of AWS's own programs: environment, files, roles."""

    def __init__(self, settings: VaultSettings) -> None:
        """Nothing is connected yet."""
        self._key, self._region, self._endpoint = settings.kms_key, settings.kms_region, settings.kms_endpoint
        self._opened: Any = None

    async def wrap(self, secret: bytes, context: str, key_name: str = "") -> Wrapped:
        """Encrypt with the key of the settings, or the one named; an alias is written down as the key that it stands
        for now.
        """
        asked = {"KeyId": key_name or self._key, "Plaintext": secret, "EncryptionContext": {"folder": context}}
        answer = await self._call("encrypt", asked)
        return Wrapped(f"{KIND}:{answer['KeyId']}", bytes(answer["CiphertextBlob"]))

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Decrypt with the key that is named, which need not be that of the settings."""
        key = wrapped.by.removeprefix(f"{KIND}:")
        asked = {"KeyId": key, "CiphertextBlob": wrapped.content, "EncryptionContext": {"folder": context}}
        return bytes((await self._call("decrypt", asked))["Plaintext"])

    async def close(self) -> None:
        if self._opened is not None:
            await asyncio.to_thread(self._opened.close)

    async def _call(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: dict[str, Any] = await asyncio.to_thread(lambda: getattr(self._client(), name)(**asked))
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _OF_THE_NAME and asked["KeyId"] != self._key and name == "encrypt":
                raise key_name_refused(f"AWS KMS says {code}") from None
            if code in _OF_THE_KEY:
                raise UnwrapError(code) from None
            log.error("key service refuses", kind=KIND, code=code)
            raise storage_down("key service (AWS KMS)") from None
        except BotoCoreError as error:
            log.error("key service away", kind=KIND, error_type=type(error).__name__)
            raise storage_down("key service (AWS KMS)") from None
        return answer

    def _client(self) -> Any:
        # Imported here: it takes a while, and most installations keep their key elsewhere.
        from botocore.config import Config
        from botocore.session import get_session

        if self._opened is None:
            config = Config(connect_timeout=CONNECT_S, read_timeout=READ_S, retries={"total_max_attempts": TRIES})
            endpoint = self._endpoint or None
            self._opened = get_session().create_client(
                "kms", region_name=self._region or None, endpoint_url=endpoint, config=config
            )
        return self._opened
