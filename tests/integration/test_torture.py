"""A very short form of the torture of recordings: every container and codec, and some of each kind of damage."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from torture.files import torture_files

pytestmark = pytest.mark.slow
LONGEST_S = math.inf  # machines are slow and busy


def test_damaged_and_hostile_recordings_hurt_nobody(tmp_path: Path) -> None:
    counts = torture_files(tmp_path, 12, 7, LONGEST_S, print)
    assert [(c.what, c.which) for c in counts if c.failed] == []
    values = {c.what: c.value for c in counts}
    assert values["whole recordings, one a container and codec"] == 42
    assert values["refused: MEDIA_UNREADABLE"] == 12
    assert list((tmp_path / "kept").iterdir()) == []
    assert list((tmp_path / "scratch").iterdir()) == []
