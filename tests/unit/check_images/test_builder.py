"""Where images are kept, and that nothing of it stays."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts.check_images.builder import Storage, release


def test_buildah_and_podman_share_a_storage(tmp_path: Path) -> None:
    assert Storage(tmp_path, "vfs").options == [
        "--root", str(tmp_path / "graph"), "--runroot", str(tmp_path / "run"), "--storage-driver", "vfs",
    ]  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
def test_what_is_mounted_is_unmounted(tmp_path: Path) -> None:
    outer = tmp_path / "graph"
    outer.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "none", outer], check=True)
    inner = outer / "merged"
    inner.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "none", inner], check=True)
    release(tmp_path)
    assert str(tmp_path) not in Path("/proc/self/mounts").read_text()
    outer.rmdir()
