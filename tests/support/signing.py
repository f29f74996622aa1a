"""A key for tests."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.audit.chain.signing import Signer


def signer() -> Signer:
    """Signs with a key of its own."""
    return Signer(Ed25519PrivateKey.generate())
