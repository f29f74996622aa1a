"""Finding a name however it is written: capitals, accents as one character or two, full-width letters."""

from __future__ import annotations

import unicodedata


def composed(text: str) -> str:
    """The text in the Unicode form NFC without spaces around it: the same name is the same characters."""
    return unicodedata.normalize("NFC", text.strip())


def search_key(text: str) -> str:
    """What is compared: casefolded, in NFKC (caseless matching, Unicode 3.13 D146).

    Databases fold the letters of English only (SQLite) or by their locale (PostgreSQL), and none of them composes.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
