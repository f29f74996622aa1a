"""The format of an encrypted object.

A header (8 bytes that name the format, 16 of the data key's id, 32 of salt), then segments of 64 KiB, each AES-256-GCM
with its tag of 16 bytes. As in STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015) a segment's nonce is its
number and whether it is the last, so that none can be moved, repeated or cut off. Every object has a key of its own,
derived (HKDF-SHA256, RFC 5869) from the data key, the salt and the object's name; header and name are associated data
too: an object that is put in another's place cannot be opened.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"IVSEAL1\n"
ID_BYTES, SECRET_BYTES, SALT_BYTES, TAG_BYTES = 16, 32, 32, 16
HEADER_BYTES = len(MAGIC) + ID_BYTES + SALT_BYTES
SEGMENT_BYTES = 64 << 10
SEALED_SEGMENT_BYTES = SEGMENT_BYTES + TAG_BYTES
_COUNTER_BYTES = 11


class DamagedError(Exception):
    """What was read is not what was stored under this name and key."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of a folder: `id` 16 bytes, which headers name; empty: not known. `secret` 32 bytes."""

    id: bytes
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES or len(self.id) not in (0, ID_BYTES):
            raise ValueError("a data key has an id of 16 bytes and a secret of 32")

    @classmethod
    def new(cls) -> DataKey:
        """A random one."""
        return cls(secrets.token_bytes(ID_BYTES), secrets.token_bytes(SECRET_BYTES))


def key_id(header: bytes) -> bytes:
    """The id of the key that an object was encrypted with. Raises DamagedError for what is no header."""
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise DamagedError
    return header[len(MAGIC) :][:ID_BYTES]


class Cipher:
    """Encrypts or decrypts the segments of one object."""

    def __init__(self, key: DataKey, name: str, header: bytes = b"") -> None:
        """`name`: where the object lies. Without a `header` it is a new object, which gets one."""
        self.header = header or MAGIC + (key.id or bytes(ID_BYTES)) + secrets.token_bytes(SALT_BYTES)
        self._associated = self.header + name.encode()
        salt = self.header[-SALT_BYTES:]
        derived = HKDF(SHA256(), SECRET_BYTES, salt, b"interview object\n" + name.encode()).derive(key.secret)
        self._cipher = AESGCM(derived)

    def seal(self, content: bytes | memoryview, first: int, ends: bool) -> bytes:
        """The segments of `content`, the first of which has the number `first`; all are full but for the last of the
        object, which is among them if the object `ends` here.
        """
        plain = memoryview(content)
        count = -(-len(plain) // SEGMENT_BYTES) or 1
        sealed = bytearray(len(plain) + count * TAG_BYTES)
        target = memoryview(sealed)
        for i in range(count):
            part = plain[i * SEGMENT_BYTES : (i + 1) * SEGMENT_BYTES]
            start = i * SEALED_SEGMENT_BYTES
            nonce = _nonce(first + i, ends and i == count - 1)
            self._cipher.encrypt_into(nonce, part, self._associated, target[start : start + len(part) + TAG_BYTES])
        return bytes(sealed)

    def open(self, content: bytes | memoryview, first: int, ends: bool) -> bytes:
        """The reverse of `seal`. Raises DamagedError."""
        sealed = memoryview(content)
        count = -(-len(sealed) // SEALED_SEGMENT_BYTES)
        if not count or len(sealed) - (count - 1) * SEALED_SEGMENT_BYTES < TAG_BYTES:
            raise DamagedError
        plain = bytearray(len(sealed) - count * TAG_BYTES)
        target = memoryview(plain)
        try:
            for i in range(count):
                part = sealed[i * SEALED_SEGMENT_BYTES : (i + 1) * SEALED_SEGMENT_BYTES]
                start = i * SEGMENT_BYTES
                nonce = _nonce(first + i, ends and i == count - 1)
                into = target[start : start + len(part) - TAG_BYTES]
                self._cipher.decrypt_into(nonce, part, self._associated, into)
        except InvalidTag:
            raise DamagedError from None
        return bytes(plain)


def seal(content: bytes, key: DataKey, name: str) -> bytes:
    """A whole object, encrypted."""
    cipher = Cipher(key, name)
    return cipher.header + cipher.seal(content, 0, True)


def unseal(content: bytes, key: DataKey, name: str) -> bytes:
    """A whole object, decrypted. Raises DamagedError."""
    key_id(content)
    return Cipher(key, name, content[:HEADER_BYTES]).open(memoryview(content)[HEADER_BYTES:], 0, True)


def plain_size(sealed: int) -> int:
    """Bytes of the content of an encrypted object of `sealed` bytes. Raises DamagedError for sizes that none has."""
    body = sealed - HEADER_BYTES
    count = -(-body // SEALED_SEGMENT_BYTES)
    if body < TAG_BYTES or body - (count - 1) * SEALED_SEGMENT_BYTES < TAG_BYTES:
        raise DamagedError
    return body - count * TAG_BYTES


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([last])
