"""Replicas as processes: they come, are drained, are killed and come back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from rehearsal.servers.deployment import Deployment

# Serves like ours do: ready with its file there, gone a moment after SIGTERM.
PROGRAM = """\
import os, pathlib, signal, sys, time
ready = pathlib.Path(os.environ["READY"])
def drain(*_):
    ready.unlink()
    sys.exit(0)
signal.signal(signal.SIGTERM, drain)
ready.touch()
while True:
    time.sleep(60)
"""


class Published:
    def __init__(self) -> None:
        self.addresses: list[str] = []

    def __call__(self, name: str, addresses: Iterable[str]) -> None:
        assert name == "sleeper"
        self.addresses = list(addresses)


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def deployment(tmp_path: Path, published: Published) -> Iterator[Deployment]:
    def ready_file(address: str) -> Path:
        return tmp_path / address

    made = Deployment(
        "sleeper",
        [sys.executable, "-c", PROGRAM],
        tmp_path / "logs",
        lambda address: {"READY": str(ready_file(address))},
        lambda address: ready_file(address).exists(),
        published,
    )
    yield made
    made.end()


def until(condition: Callable[[], bool], deployment: Deployment) -> None:
    while not condition():
        deployment.reconcile()
        time.sleep(0.02)


def test_replicas_have_addresses_of_their_own_and_are_published_when_ready(
    deployment: Deployment, published: Published
) -> None:
    deployment.scale(2)
    until(lambda: len(published.addresses) == 2, deployment)
    assert published.addresses == ["127.0.0.11", "127.0.0.12"]
    assert all(r.ready_at and r.ready_at >= r.started_at for r in deployment.ready)


def test_a_killed_replica_comes_back_at_its_address(deployment: Deployment, published: Published) -> None:
    deployment.scale(1)
    until(lambda: bool(published.addresses), deployment)
    (replica,) = deployment.ready
    before = replica.program.pid
    deployment.kill(replica)
    until(lambda: replica.program.pid != before, deployment)
    assert deployment.replicas == [replica]


def test_a_drained_replica_is_replaced_at_another_address(deployment: Deployment, published: Published) -> None:
    deployment.scale(1)
    until(lambda: bool(published.addresses), deployment)
    (old,) = deployment.ready
    deployment.drain(old)
    until(lambda: bool(deployment.ended) and bool(published.addresses), deployment)
    assert not old.program.running
    assert len(deployment.ready) == 1
    assert deployment.ready[0] is not old


def test_surplus_replicas_go_and_the_end_leaves_none(deployment: Deployment, published: Published) -> None:
    deployment.scale(3)
    until(lambda: len(published.addresses) == 3, deployment)
    deployment.scale(1)
    until(lambda: len(deployment.ended) == 2, deployment)
    assert published.addresses == ["127.0.0.11"]
    deployment.end()
    assert not any(r.program.running for r in deployment.all_replicas)
    assert published.addresses == []
