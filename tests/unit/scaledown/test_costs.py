"""Idle replicas are the first to go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.scaledown.costs import MOST_WRITES, changes, look
from orchestrator.scaledown.load import Loads, running
from orchestrator.scaledown.pods import NoRightError, Pod, Pods
from tests.unit.scaledown.cluster import METRICS, Api, api_server, replicas

BUSY, IDLE, GONE = "127.0.0.2", "127.0.0.3", "127.0.0.4"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with api_server(tmp_path) as found:
        found.add("vision-busy", "vision", BUSY)
        found.add("vision-idle", "vision", IDLE)
        yield found


async def looked(api: Api, folder: Path, calls: dict[str, int]) -> int:
    """How many costs one look has written."""
    with replicas(calls) as port:
        pods, loads = Pods(api.url, folder), Loads(port)
        try:
            return await look(pods, loads)
        finally:
            await pods.close()
            await loads.close()


async def test_the_idle_replica_goes_first(api: Api, tmp_path: Path) -> None:
    assert api.first_to_go("vision-busy", "vision-idle") == "vision-busy", "without a word it may be the busy one"
    await looked(api, tmp_path, {BUSY: 2, IDLE: 0})
    assert api.cost("vision-busy") == "2"
    assert api.first_to_go("vision-busy", "vision-idle") == "vision-idle"


async def test_nothing_but_the_cost_is_written_and_only_where_it_changed(api: Api, tmp_path: Path) -> None:
    assert await looked(api, tmp_path, {BUSY: 2, IDLE: 0}) == 1
    assert await looked(api, tmp_path, {BUSY: 2, IDLE: 0}) == 0
    written = {"metadata": {"annotations": {"controller.kubernetes.io/pod-deletion-cost": "2"}}}
    assert api.patched == [("vision-busy", written)]
    assert api.pods["vision-busy"]["metadata"]["annotations"]["kept"] == "yes"


async def test_a_replica_that_has_finished_is_cheap_again(api: Api, tmp_path: Path) -> None:
    await looked(api, tmp_path, {BUSY: 2, IDLE: 0})
    await looked(api, tmp_path, {BUSY: 0, IDLE: 1})
    assert (api.cost("vision-busy"), api.cost("vision-idle")) == ("0", "1")


async def test_a_replica_that_does_not_answer_keeps_its_cost(api: Api, tmp_path: Path) -> None:
    await looked(api, tmp_path, {BUSY: 2, IDLE: 0})
    await looked(api, tmp_path, {IDLE: 0})
    assert api.cost("vision-busy") == "2"


async def test_what_is_being_deleted_and_what_hands_its_work_back_is_left_alone(api: Api, tmp_path: Path) -> None:
    api.add("vision-leaving", "vision", GONE, deletionTimestamp="2026-01-01T00:00:00Z")
    api.add("worker", "worker", GONE)
    assert await looked(api, tmp_path, {BUSY: 0, IDLE: 0, GONE: 3}) == 0


async def test_a_pod_that_went_between_list_and_patch_is_no_fault(api: Api, tmp_path: Path) -> None:
    pods = Pods(api.url, tmp_path)
    await pods.set_cost(Pod("vision-gone", GONE), 3)
    await pods.close()
    assert not api.patched


@pytest.mark.parametrize("verb", ["list", "patch"])
async def test_a_right_that_is_missing_is_named(api: Api, tmp_path: Path, verb: str) -> None:
    api.verbs.remove(verb)
    with pytest.raises(NoRightError, match=f"{verb} pods"):
        await looked(api, tmp_path, {BUSY: 2, IDLE: 0})


async def test_a_token_that_is_no_longer_taken_is_a_missing_right(api: Api, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("an old one")
    with pytest.raises(NoRightError):
        await looked(api, tmp_path, {BUSY: 2, IDLE: 0})


def test_the_ones_with_most_to_lose_are_written_first_and_not_all_at_once() -> None:
    pods = [Pod(f"judge-{number:02}", "") for number in range(MOST_WRITES + 5)]
    found = changes(pods, list(range(MOST_WRITES + 5)))
    assert len(found) == MOST_WRITES
    assert [cost for _, cost in found[:2]] == [MOST_WRITES + 4, MOST_WRITES + 3]


def test_health_checks_are_no_work() -> None:
    assert running(METRICS.format(calls=3.0)) == 3


def test_what_is_no_metrics_is_no_answer() -> None:
    with pytest.raises(ValueError, match="html"):
        running("<html>")
