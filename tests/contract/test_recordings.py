"""Kinds of recordings that go wrong elsewhere, read by the real models: the short form of `make bench-recordings`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.recordings.counting import counted
from bench.recordings.kinds import ENGLISH, KINDS, Kind
from bench.recordings.reader import Services

pytestmark = pytest.mark.model
SHORT = [kind for kind in KINDS if kind.short]


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    found = Services()
    yield found
    found.close()


@pytest.mark.parametrize("kind", SHORT, ids=lambda kind: kind.name)
def test_a_recording_of_this_kind_is_read_as_it_is(services: Services, kind: Kind, tmp_path: Path) -> None:
    assert counted(services, kind, tmp_path / "recording").wrong == ()


def test_what_is_wrong_is_counted(services: Services, tmp_path: Path) -> None:
    damaged = next(kind for kind in SHORT if "sound" in kind.name)
    found = counted(services, replace(damaged, make=lambda path: ENGLISH), tmp_path / "recording")
    assert found.right == found.claims - 1
    assert found.wrong[0].startswith("no sound 6.6 to 6.6 s: nowhere")
