"""What has been uploaded under a candidate's link."""

from __future__ import annotations

from datetime import datetime

from gateway.schemas import Body


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
