"""The torture's own instruments: a count that cannot be wrong proves nothing."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from torture.counts import Count, counts_text, must_be_none
from torture.crafted import crafted
from torture.faults import Fault, in_turn
from torture.mutations import MUTATIONS, mutated
from torture.personal import NAME, personal
from torture.results import Expected
from torture.sizes import FULL
from torture.valid import KINDS, Kind, write

CONTENT = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def mp4(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("valid"), KINDS[0]).read_bytes()


@pytest.mark.parametrize("name", MUTATIONS)
def test_damage_is_damage_and_the_same_for_the_same_seed(name: str, mp4: bytes) -> None:
    damaged = MUTATIONS[name](mp4, Random(5))
    assert damaged != mp4
    assert damaged == MUTATIONS[name](mp4, Random(5))


def test_swapped_atoms_are_all_there_in_another_order(mp4: bytes) -> None:
    found = [MUTATIONS["swapped-atoms"](mp4, Random(seed)) for seed in range(10)]
    assert all(content.count(b"moov") >= 1 for content in found)
    assert len({content.index(b"moov") for content in found}) > 1


def test_what_was_done_to_a_recording_is_named() -> None:
    names = {mutated(CONTENT, Random(seed))[0] for seed in range(200)}
    assert {part for name in names for part in name.split("+")} == set(MUTATIONS)


def test_crafted_files_have_names_of_their_own(tmp_path: Path) -> None:
    paths = list(crafted(tmp_path))
    assert len({path.name for path in paths}) == len(paths) > 50
    assert all(path.exists() for path in paths)


def test_a_missing_zero_is_named() -> None:
    text = counts_text([must_be_none("files", "crashes", ["a.mp4 (11)"]), Count("files", "read", 3)])
    assert "NOT ZERO" in text
    assert "files, crashes: a.mp4 (11)" in text
    assert not must_be_none("files", "crashes", []).failed
    assert not Count("files", "read", 3).failed


def test_every_part_has_its_turn_and_every_kind_of_fault() -> None:
    faults = [Fault(part, kind, lambda _: None) for part in "abc" for kind in ("killed", "frozen")]
    done = list(islice(in_turn(faults, Random(1)), 6))
    assert {fault.part for fault in done[:3]} == set("abc")
    assert {(fault.part, fault.kind) for fault in done} == {(fault.part, fault.kind) for fault in faults}


def test_results_are_compared_but_for_what_varies_in_peace() -> None:
    expected = Expected([{"id": 1, "score": 70.0, "findings": ["a"]}, {"id": 2, "score": 70.0, "findings": ["a"]}])
    assert expected.differences({"id": 3, "score": 70.0, "findings": ["a"]}) == []
    assert expected.differences({"id": 3, "score": 71.0, "findings": ["a"]}) == [".score"]
    assert expected.differences({"id": 3, "score": 70.0, "findings": []}) == [".findings[0]"]


def test_how_long_a_part_worked_is_no_difference_even_if_it_was_the_same_twice_in_peace() -> None:
    expected = Expected([{"provenance": {"judge": {"seconds": 0.0}}}] * 2)
    assert expected.differences({"provenance": {"judge": {"seconds": 1.7}}}) == []
    assert expected.differences({"provenance": {}, "metadata": {"timing": [{"seconds": {"watch": 4.2}}]}}) == []


@pytest.mark.parametrize("said", [f"handing in {NAME}", "heard: word3 word4", "KEY xylophania quandry load 003"])
def test_what_is_somebodys_is_found_in_a_log(said: str) -> None:
    assert personal({"gateway": said.encode()})
    assert not personal({"gateway": b"session 0123 ended, keyword1 keyword2"})


@pytest.mark.parametrize("kind", [k for k in KINDS if k.picture == "libsvtav1"], ids=lambda k: k.ending)
def test_making_a_recording_leaves_the_process_as_it_was(tmp_path: Path, kind: Kind) -> None:
    """As root an AV1 encoder made it a real-time process: all that it started afterwards starved the rest."""
    before = os.sched_getscheduler(0)
    write(tmp_path, kind)
    assert os.sched_getscheduler(0) == before


def test_the_second_system_runs_real_models() -> None:
    sizes = FULL.with_models
    assert [sizes.command(name)[1] for name in ("vision", "worker")] == ["services.vision", "orchestrator.worker"]
    assert (sizes.sessions, sizes.load, sizes.endurance_min) == (FULL.model_sessions, 0, 0)
