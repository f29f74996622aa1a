"""What holds for every test."""

from __future__ import annotations

import hypothesis
import pytest

# How long an example takes says something about the machine and nothing about the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

pytest_plugins = ["tests.support.servers"]

_FIRST = ("integration", "contract", "browser")
"""Folders whose files take longest; they start first, so that no process is left with a long one at the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order and groups for several processes: a file stays in one, and so do all tests of the whole system."""
    items.sort(key=_turn)
    for item in items:
        together = "system" if "system" in getattr(item, "fixturenames", ()) else item.location[0]
        item.add_marker(pytest.mark.xdist_group(together))


def _turn(item: pytest.Item) -> int:
    return next((n for n, folder in enumerate(_FIRST) if folder in item.path.parts), len(_FIRST))
