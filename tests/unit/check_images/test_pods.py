"""A container is started as the manifest has it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

import pytest

from scripts.check_images.__main__ import IMAGES
from scripts.check_images.builder import Storage
from scripts.check_images.pods import Surroundings, in_bytes, in_cores, options
from scripts.check_images.trial import ELSEWHERE, pods_of
from scripts.check_k8s.manifests import Cluster, render
from scripts.check_k8s.processes import OURS, Process, processes


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return render("local")


def around(tmp_path: Path) -> Surroundings:
    values = {"INTERVIEW_S3_ENDPOINT": "http://127.0.0.1:1234", "INTERVIEW_DATABASE_URL": "sqlite://"}
    return Surroundings(Storage(tmp_path), tmp_path / "weights", tmp_path / "scratch", values, ("judge",))


def names(found: Iterable[Process]) -> list[str]:
    return [f"{p.container.workload['metadata']['name']}-{p.container.spec['name']}" for p in found]


def test_a_pod_has_its_user_limits_mounts_and_settings(cluster: Cluster, tmp_path: Path) -> None:
    process = pods_of("transcriber", cluster)[-1]
    given = options(process, around(tmp_path))
    pairs = set(itertools.pairwise(given))
    assert pairs >= {
        ("--user", "10001:10001"),
        ("--memory", str(3 << 30)),
        ("--memory-swap", str(3 << 30)),
        ("--cpus", "2.0"),
        ("--security-opt", "no-new-privileges"),
        ("--volume", f"{tmp_path / 'weights'}:/models:ro"),
        ("--volume", f"{tmp_path / 'scratch'}:/tmp:rw"),
        ("--add-host", "judge:127.0.0.1"),
        ("--env", "TRANSCRIBER_PORT=50051"),
        ("--env", "INTERVIEW_S3_ENDPOINT=http://127.0.0.1:1234"),
    }
    assert {"--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL"} <= {*given}
    assert not [value for value in given if "DATABASE" in value]  # it has no such setting


def test_every_process_of_every_image_is_tried(cluster: Cluster) -> None:
    tried = [name for image in IMAGES for name in names(pods_of(image, cluster))]
    ours = [p for p in processes(cluster) if p.container.spec["image"].startswith(OURS)]
    wanted = [name for name in names(ours) if name.split("-")[0] not in ELSEWHERE]
    assert sorted(tried) == sorted(wanted)


def test_the_migration_comes_first_and_who_waits_for_it_before_its_pod(cluster: Cluster) -> None:
    assert names(pods_of("orchestrator", cluster)) == [
        "migrate-migrate",
        "orchestrator-migrated",
        "orchestrator-orchestrator",
        "worker-migrated",
        "worker-worker",
    ]


def test_quantities() -> None:
    assert [in_bytes("128Mi"), in_bytes("3Gi")] == [128 << 20, 3 << 30]
    assert [in_cores("500m"), in_cores("2")] == [0.5, 2.0]
