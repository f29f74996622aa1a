"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# How long an example takes says something about the machine and nothing about the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

pytest_plugins = ["tests.support.servers"]

_FIRST = ("integration", "contract", "browser")
"""Folders whose files take longest; they start first, so that no process is left with a long one at the end."""

_OWN_PROCESSES = {f"tests/integration/test_{name}.py" for name in ("database_roles", "rehearsal", "torture", "webhook")}
"""The other files of their folder share one running system."""


@pytest.fixture(scope="session", autouse=True)
def _own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys that encrypt keys are made in a folder of the run's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERVIEW_KEY_ENCRYPTION_FILE", str(tmp_path_factory.mktemp("keys") / "key-encryption.keys"))
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long folders first."""
    items.sort(key=lambda item: next((n for n, name in enumerate(_FIRST) if name in item.path.parts), len(_FIRST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How tests are dealt out to several processes."""
    return _Files(config, log)


class _Files(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """A file stays in one process, and so do all files that share the running system."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "system" if path.startswith("tests/integration/") and path not in _OWN_PROCESSES else path
