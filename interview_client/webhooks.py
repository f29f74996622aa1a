"""Checking that a webhook comes from the system and is not an old one sent again."""

from __future__ import annotations

import hashlib
import hmac
import time

FRESH_S = 300


def verify_webhook(secret: str, header: str, body: bytes, fresh_s: int = FRESH_S) -> None:
    """Check `Interview-Signature` over the body as it came; while a secret is being replaced it has two signatures, and
    one is enough. Raises ValueError unless it is right and fresh.
    """
    parts = [part.partition("=")[::2] for part in header.split(",")]
    at = next((value for name, value in parts if name == "t"), "")
    mac = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not any(hmac.compare_digest(mac.encode(), value.encode()) for name, value in parts if name == "v1"):
        raise ValueError("The signature is not that of this secret and body.")
    if not at.isdecimal() or abs(time.time() - int(at)) > fresh_s:
        raise ValueError("The webhook is too old.")
