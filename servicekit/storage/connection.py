"""Connections to object stores, and their errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from servicekit.errors import field_invalid, storage_down, store_refused
from servicekit.settings import StoreSettings
from servicekit.storage.folders import make_private

# obstore ends every request after 30 seconds by default, its body included: too short for a long recording. What
# stands still is noticed by the time between two reads; copying a large object may answer late. It also tries again
# for 3 minutes by default, longer than callers wait.
_TIMEOUTS = {"timeout": timedelta(hours=1), "read_timeout": timedelta(minutes=2)}
_RETRIES = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}
_REFUSED = (obstore.exceptions.PermissionDeniedError, obstore.exceptions.UnauthenticatedError)
_REFUSALS = ("NoSuchBucket", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken")
"""Codes of S3 that say that the settings are wrong. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""


def open_store(root: str, settings: StoreSettings) -> ObjectStore:
    """The store behind a root. Raises FIELD_INVALID."""
    parts = urlsplit(root)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        make_private(folder)
        return LocalStore(prefix=folder, automatic_cleanup=True)
    if parts.scheme != "s3":
        raise field_invalid("INTERVIEW_OBJECT_STORE", "must be a folder, file:// or s3://")
    return _open_s3(parts.netloc, parts.path.strip("/"), settings)


def _open_s3(bucket: str, prefix: str, settings: StoreSettings) -> S3Store:
    options: dict[str, object] = {"region": settings.s3_region}
    if settings.s3_endpoint:
        options["endpoint"] = settings.s3_endpoint
    if settings.s3_access_key_id:
        options["access_key_id"] = settings.s3_access_key_id
        options["secret_access_key"] = settings.s3_secret_access_key.get_secret_value()
    client: dict[str, object] = {"allow_http": settings.s3_endpoint.startswith("http://"), **_TIMEOUTS}
    return S3Store(bucket, prefix=prefix or None, client_options=client, retry_config=_RETRIES, **options)  # type: ignore[arg-type]


def attributes_of(content_type: str, root: str) -> dict[str, str] | None:
    """What the store is told of a content."""
    # The local store keeps no attributes and refuses them.
    return {"Content-Type": content_type} if content_type and root.startswith("s3:") else None


class Missing(Exception):
    """There is no such object."""


@contextmanager
def store_errors(missing: Exception | None = None) -> Iterator[None]:
    """Errors of the store in our words: `missing` where there is no such object. A caller's own stays as it is."""
    try:
        yield
    except obstore.exceptions.AlreadyExistsError:
        raise  # only where that was asked for
    except (obstore.exceptions.BaseError, OSError) as error:
        if isinstance(error, _REFUSED) or any(code in str(error) for code in _REFUSALS):
            raise store_refused() from error
        if isinstance(error, FileNotFoundError) and missing is not None:
            raise missing from None
        raise storage_down("object store") from error
