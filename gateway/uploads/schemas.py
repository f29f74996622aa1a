"""What has been uploaded under a candidate's link."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from gateway.schemas import Body
from gateway.signals import Signal, Signals

Seconds = Annotated[float, Field(ge=0, le=86_400)]


class ListedUpload(Body):
    """An upload, finished or not."""

    upload_id: str
    offset: int
    """Bytes that have arrived."""
    length: int | None
    """Bytes of the whole file; null while nobody has said it: a recording that was interrupted, or still runs."""
    metadata: dict[str, str]
    """What the page said of it in `Upload-Metadata`."""
    expire_time: datetime
    """When it is deleted unless it is handed in or gone on with."""


class UploadList(Body):
    """All uploads under a link."""

    uploads: list[ListedUpload]
    takes: list[int]
    """How often each question of the job was answered, deleted recordings included; empty where nobody counts."""


class PageMark(Body):
    """One thing that the candidate's page noted, in seconds."""

    kind: Literal["pause"] | Signal
    start_s: Seconds
    """From the beginning of the recording, in which nothing is that was paused."""
    end_s: Seconds | None = None
    """Likewise; null: it has not ended."""
    duration_s: Seconds | None = None
    """How long it took by the clock on the wall; null: it has not ended."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end_s is not None and self.end_s < self.start_s:
            raise ValueError("ends before it begins")
        return self


class PageNotes(Body):
    """All that a page noted of one recording so far."""

    marks: list[PageMark] = Field(default=[], max_length=500)
    measured: Signals = Field(default=[])
    """The signals that were wanted and that this browser can tell."""
    not_measured: Signals = Field(default=[])
    """Those that it cannot tell."""
