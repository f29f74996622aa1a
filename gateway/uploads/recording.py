"""A recording in the object store."""

from __future__ import annotations

import ntpath
import unicodedata
from dataclasses import dataclass

from gateway.uploads.schemas import PageNotes
from servicekit.media import Media

MAX_NAME_CHARS = 200


@dataclass(frozen=True, slots=True)
class StoredVideo:
    """An uploaded file in the object store, with the name that people know it by."""

    media: Media
    file_name: str
    question: int | None = None
    """The question of its link that it was uploaded for, from 0."""
    page: PageNotes | None = None
    """What the candidate's page noted while it recorded."""


def display_name(file_name: str) -> str:
    """The last part of a client's file name without control characters, at most 200 characters.

    It is only shown to people; no path is ever made from it.
    """
    last = ntpath.basename(file_name)  # splits at / and \ alike
    printable = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    return printable.strip()[:MAX_NAME_CHARS]
