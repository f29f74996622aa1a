"""What must not be in an image is seen."""

from __future__ import annotations

import json
import os
import py_compile
from pathlib import Path

import pytest

from scripts.check_images.contents import Contents, complete_sbom, pinned, problems
from scripts.check_images.inside import stale
from scripts.supply_chain import LOCKS

LOCK = pinned((LOCKS / "gateway.txt").read_text())


def contents(**changes: object) -> Contents:
    right: dict[str, object] = {
        "packages": LOCK,
        "debian": {"tini": "0.19.0-1"},
        "pip": False,
        "stale": [],
        "twice": [],
        "uncompiled": [],
        "sizes": {"/venv": 1, "/app": 1},
    }
    return Contents(**(right | changes))  # type: ignore[arg-type]


def test_an_image_of_its_lock_is_right() -> None:
    assert list(problems("gateway", contents())) == []
    assert list(problems("audio", contents(packages=audio_packages()))) == []


def audio_packages() -> dict[str, str]:
    return pinned((LOCKS / "audio.txt").read_text()) | {"torch": "2.13.0+cpu"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pip": True}, "pip is in the image"),
        ({"packages": LOCK | {"setuptools": "80.0"}}, "setuptools is in no lock"),
        ({"packages": LOCK | {"fastapi": "0.1"}}, "is in the lock, not in the image"),
        ({"stale": ["/venv/a.pyc"]}, "/venv/a.pyc is made again at each start"),
        ({"twice": ["/app/a.opt-1.pyc"]}, "has byte code twice"),
        ({"uncompiled": ["/app/a.py"]}, "/app/a.py has no byte code"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, object], said: str) -> None:
    assert [text for text in problems("gateway", contents(**changes)) if said in text]


def compiled(folder: Path, mode: py_compile.PycInvalidationMode) -> tuple[Path, Path]:
    source = folder / "module.py"
    source.write_text("x = 1\n")
    os.utime(source, (1_700_000_000.7, 1_700_000_000.7))
    made = py_compile.compile(str(source), invalidation_mode=mode)
    assert made
    return source, Path(made)


def test_stale_byte_code_is_seen(tmp_path: Path) -> None:
    """A layer rounds the times of files: half of them then are a second later than their byte code says."""
    source, made = compiled(tmp_path, py_compile.PycInvalidationMode.TIMESTAMP)
    assert not stale(made)
    os.utime(source, (1_700_000_001, 1_700_000_001))
    assert stale(made)


def test_byte_code_that_looks_at_no_times_is_never_stale(tmp_path: Path) -> None:
    source, made = compiled(tmp_path, py_compile.PycInvalidationMode.UNCHECKED_HASH)
    os.utime(source, (1, 1))
    assert not stale(made)
    source.unlink()
    assert stale(made)  # nobody could import it


def test_debians_packages_are_added_to_the_sbom(tmp_path: Path) -> None:
    path = tmp_path / "gateway.cdx.json"
    path.write_text(json.dumps({"components": [{"name": "fastapi", "purl": "pkg:pypi/fastapi@1"}]}))
    for _ in range(2):
        complete_sbom(path, contents(debian={"tini": "0.19.0-1", "libc6": "1:2.36"}), "bookworm")
    found = [component["purl"] for component in json.loads(path.read_text())["components"]]
    assert found == [
        "pkg:pypi/fastapi@1",
        "pkg:deb/debian/libc6@1%3A2.36?distro=bookworm",
        "pkg:deb/debian/tini@0.19.0-1?distro=bookworm",
    ]
