"""A local system finds ports of its own and is not fooled by a stranger on one of them."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from local.ports import Ports
from local.system import LocalSystem


def test_free_ports_are_distinct_and_below_what_systems_hand_out() -> None:
    found = astuple(Ports.free())
    assert len(set(found)) == len(found)
    assert all(10_000 < port < 32_768 for port in found)
    for port in found:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ports = Ports(audio=server.getsockname()[1])
        assert ports.taken()["audio"] == ports.audio


def test_another_program_on_a_service_s_port_is_not_taken_for_the_service(tmp_path: Path) -> None:
    ports = Ports.free()
    server = grpc.server(ThreadPoolExecutor(1))
    stranger = health.HealthServicer()
    stranger.set("temporal.api.workflowservice.v1.WorkflowService", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(stranger, server)
    server.add_insecure_port(f"127.0.0.1:{ports.audio}")
    server.start()
    try:
        assert "audio" in LocalSystem(tmp_path, ports).not_ready()
    finally:
        server.stop(None)
