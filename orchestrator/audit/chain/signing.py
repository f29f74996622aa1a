"""The key that heads of the chain and receipts are signed with: Ed25519 (RFC 8032)."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.audit.chain.entry import canonical
from orchestrator.settings import AuditSettings
from servicekit.errors import ServiceError


class Signer:
    """Signs JSON objects."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        """`public_key` is its 32 bytes in base64."""
        self._key = key
        self.public_key = base64.b64encode(key.public_key().public_bytes_raw()).decode()

    def signed(self, values: Mapping[str, object]) -> str:
        """The object with the public key and the signature of both, as canonical JSON."""
        whole = {**values, "public_key": self.public_key}
        signature = self._key.sign(canonical(whole).encode())
        return canonical({**whole, "signature": base64.b64encode(signature).decode()})


def open_signer(settings: AuditSettings) -> Signer:
    """With the key of the settings, or one that is made once and kept in a file. Raises AUDIT_KEY_MISSING."""
    given = settings.audit_key.get_secret_value()
    try:
        return Signer(_key(given or _kept(settings.audit_key_file)))
    except (OSError, ValueError) as error:
        message = "There is no key to sign with: set INTERVIEW_AUDIT_KEY to 32 random bytes in base64."
        raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "AUDIT_KEY_MISSING", message) from error


def _key(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text.strip(), validate=True))


def _kept(path: Path) -> str:
    """The key in the file, which is made whole or not at all, by whichever process comes first."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        made.touch(mode=0o600)
        made.write_text(base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode())
        try:
            os.link(made, path)
        except FileExistsError:
            pass  # another process was first: its key counts
        finally:
            made.unlink()
    return path.read_text()
