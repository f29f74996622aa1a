"""What the headers of the tus protocol say."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass

from gateway.errors import checksum_differs
from gateway.uploads.recording import display_name
from servicekit.errors import ServiceError, field_invalid

ALGORITHMS = ("sha1", "sha256", "sha512")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class UploadMetadata:
    """`Upload-Metadata`: pairs of a name and base64 text with commas between, as they came and what is read of them."""

    text: str = ""
    file_name: str = ""
    """Fit to be shown to people."""
    sha256: str = ""
    """What the whole file must have, hex."""

    @classmethod
    def parse(cls, text: str) -> UploadMetadata:
        """Read a header. Raises FIELD_INVALID."""
        pairs = [pair.strip().partition(" ") for pair in text.split(",")]
        values = {name: _text(value) for name, _, value in pairs if name in ("filename", "sha256")}
        sha256 = values.get("sha256", "").lower()
        if sha256 and not _SHA256.fullmatch(sha256):
            raise field_invalid("Upload-Metadata", "sha256 must have 64 hex digits")
        return cls(text, display_name(values.get("filename", "")), sha256)


def pairs(text: str) -> dict[str, str]:
    """`Upload-Metadata` read; what is no text is left out."""
    found = {}
    for name, _, value in (pair.strip().partition(" ") for pair in text.split(",")):
        with suppress(ServiceError):
            found[name] = _text(value)
    found.pop("", None)
    return found


def question(text: str) -> int | None:
    """The question of a link that `Upload-Metadata` names, from 0; None: none."""
    named = pairs(text).get("question", "")
    return int(named) if named.isascii() and named.isdecimal() and len(named) < 4 else None


def _text(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise field_invalid("Upload-Metadata", "must hold base64 of UTF-8 text") from None


class Checksum:
    """`Upload-Checksum`: an algorithm, a space, and base64 of what a body must have."""

    def __init__(self, text: str) -> None:
        """Read a header. Raises FIELD_INVALID."""
        algorithm, _, value = text.strip().partition(" ")
        if algorithm not in ALGORITHMS:
            raise field_invalid("Upload-Checksum", f"must begin with one of {', '.join(ALGORITHMS)}")
        self._digest = hashlib.new(algorithm, usedforsecurity=False)
        try:
            self._expected = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise field_invalid("Upload-Checksum", "must end with base64") from None

    def update(self, block: bytes) -> None:
        """Count what has arrived."""
        self._digest.update(block)

    def check(self) -> None:
        """Raise CHECKSUM_DIFFERS unless all that arrived is what was sent."""
        if self._digest.digest() != self._expected:
            raise checksum_differs()
