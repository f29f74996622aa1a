"""Wrapping with a key in a file or a secret."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orchestrator.settings import VaultSettings
from orchestrator.vault.wrapping.wrapped import UnwrapError, Wrapped, key_name_refused
from servicekit.errors import storage_down
from servicekit.storage.folders import make_private
from servicekit.telemetry.logs import get_logger

log = get_logger()
KEY_BYTES, NONCE_BYTES = 32, 12
KIND = "file"


class LocalKeys:
    """Keys in base64, one a line or with commas between; the first is current, the others only unwrap.

    They are read anew for each call: a rotation counts at once, in every process.
    """

    def __init__(self, settings: VaultSettings) -> None:
        """Nothing is read yet."""
        self._given, self.file = settings.key_encryption_keys, settings.key_encryption_file

    async def wrap(self, secret: bytes, context: str, key_name: str = "") -> Wrapped:
        """Encrypt with the current key. Raises KEY_NAME_REFUSED where one is named: these have no names."""
        if key_name:
            raise key_name_refused("the keys are in a file of this installation, where none has a name")
        key = self.keys(make=True)[0]
        return Wrapped(name_of(key), locked(key, secret, context))

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Decrypt with the key that is named."""
        key = next((key for key in self.keys() if name_of(key) == wrapped.by), None)
        if key is None:
            raise UnwrapError(f"there is no key {wrapped.by}")
        return unlocked(key, wrapped.content, context)

    async def close(self) -> None:
        pass

    def keys(self, make: bool = False) -> Sequence[bytes]:
        """Every key, the current one first. Raises UPSTREAM_DOWN where there is none or it cannot be read."""
        try:
            return parse(self._given.get_secret_value() or self._kept(make))
        except (OSError, ValueError) as error:
            log.error("no key encryption key", file=str(self.file), error_type=type(error).__name__)
            raise storage_down("key encryption key (INTERVIEW_KEY_ENCRYPTION_KEYS or …_FILE)") from error

    def _kept(self, make: bool) -> str:
        if make and not self.file.exists():
            write(self.file, [secrets.token_bytes(KEY_BYTES)], new=True)
        return self.file.read_text()


def locked(key: bytes, secret: bytes, context: str) -> bytes:
    """Encrypted with AES-256-GCM; the nonce comes first."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, context.encode())


def unlocked(key: bytes, content: bytes, context: str) -> bytes:
    """What `locked` has encrypted. Raises UnwrapError."""
    try:
        return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError):
        raise UnwrapError("the wrapped key is damaged") from None


def name_of(key: bytes) -> str:
    """How a wrapped key says what wrapped it."""
    return f"{KIND}:{hashlib.sha256(b'key encryption key' + key).hexdigest()[:16]}"


def parse(text: str) -> list[bytes]:
    """The keys of a text. Raises ValueError where one is none, or there are none."""
    keys = [base64.b64decode(each, validate=True) for each in text.replace(",", " ").split()]
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("every key must be 32 bytes in base64")
    return keys


def write(file: Path, keys: Sequence[bytes], new: bool = False) -> None:
    """Replace the keys in a file for its owner only: whole, or not at all. `new`: unless another process was first."""
    make_private(file.parent)
    made = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.writelines(f"{base64.b64encode(key).decode()}\n" for key in keys)
        opened.flush()
        os.fsync(opened.fileno())
    if not new:
        made.replace(file)
        return
    try:
        os.link(made, file)
    except FileExistsError:
        pass  # its key counts
    finally:
        made.unlink()
