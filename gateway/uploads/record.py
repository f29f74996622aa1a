"""The record of a resumable upload, and where it lies."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from pydantic import BaseModel

from gateway.uploads.headers import question
from gateway.uploads.schemas import PageNotes
from servicekit.media import Media
from servicekit.organisation import DEFAULT

FOLDER = "uploads"


class Upload(BaseModel):
    """The record of one upload."""

    id: str
    owner: str
    organisation: str = DEFAULT
    length: int | None
    """Bytes of the whole file; None: not known yet, as of a recording that still runs."""
    file_name: str
    expire_time: datetime
    metadata: str = ""
    """`Upload-Metadata` as it was given."""
    sha256: str = ""
    """What the whole file must have, hex; empty: not given."""
    media: Media | None = None
    """The whole file, once all of it has arrived."""
    session_id: str = ""
    """The session that has taken it."""
    page: PageNotes | None = None
    """What the candidate's page noted while it recorded."""

    @property
    def question(self) -> int | None:
        """The question of its link that it answers, from 0; None where `Upload-Metadata` names none."""
        return question(self.metadata)

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expire_time < datetime.now(UTC)

    @property
    def folder(self) -> str:
        """Where the record and its parts lie."""
        return f"{owner_folder(self.owner)}/{self.id}"


def owner_folder(owner: str) -> str:
    """Owners find their own uploads only: a name that anybody could guess leads to another place."""
    return f"{FOLDER}/{hashlib.sha256(owner.encode()).hexdigest()[:32]}"
