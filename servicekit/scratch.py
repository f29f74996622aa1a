"""Folders for files that live as long as one call: whatever becomes of the process, and of the disk."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from servicekit.errors import at_capacity

PREFIX = "interview-scratch-"
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
FULL_RETRY_S = 10.0


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A private folder in `parent`, the system's own by default, that is gone when the context ends.

    Raises CAPACITY where the disk is full, also for what the body writes: others will have ended in a while.
    """
    try:
        folder, lock = _made(parent)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
    except OSError as error:
        if error.errno in FULL_DISK:
            raise at_capacity(FULL_RETRY_S) from error
        raise


def sweep(parent: Path | None = None) -> int:
    """Delete the folders of processes that were killed; returns how many.

    A process holds a lock on each of its own, which ends with it.
    """
    swept = 0
    for folder in Path(parent or tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            lock = _locked(folder, fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
            swept += 1
    return swept


def _made(parent: Path | None) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        with suppress(FileNotFoundError):  # swept before it was locked
            lock = _locked(folder)
            if folder.exists():
                return folder, lock
            os.close(lock)


def _locked(folder: Path, how: int = 0) -> int:
    """The descriptor that holds a lock on a folder. Raises OSError."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | how)
    except OSError:
        os.close(file)
        raise
    return file
