"""What the kubelet asks a container: its readiness probe."""

from __future__ import annotations

import time

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from scripts.check_images.pods import LOOPBACK, POLL_S, PodError, Running
from scripts.check_k8s.manifests import Container, Manifest


def wait_until_ready(container: Container, pod: Running) -> float:
    """Seconds until the readiness probe succeeds, no longer than the startup probe allows. Raises PodError."""
    started, probe = time.monotonic(), container.spec["readinessProbe"]
    start = container.spec["startupProbe"]
    deadline = started + start["periodSeconds"] * start["failureThreshold"]
    while not _succeeds(container, probe):
        if not pod.alive() or time.monotonic() > deadline:
            raise PodError(f"{pod.name} is not ready: {_answer(container, probe)}\n{pod.log()}")
        time.sleep(POLL_S)
    return time.monotonic() - started


def _succeeds(container: Container, probe: Manifest) -> bool:
    if asked := probe.get("grpc"):
        return serves(f"{LOOPBACK}:{asked['port']}", asked["service"], probe["timeoutSeconds"])
    return _answer(container, probe).startswith("200")


def _answer(container: Container, probe: Manifest) -> str:
    if "httpGet" not in probe:
        return "it does not serve"
    asked = probe["httpGet"]
    headers = {header["name"]: header["value"] for header in asked.get("httpHeaders", ())}
    url = f"http://{LOOPBACK}:{container.ports[asked['port']]}{asked['path']}"
    try:
        reply = httpx.get(url, headers=headers, timeout=probe["timeoutSeconds"], trust_env=False)
    except httpx.HTTPError as error:
        return type(error).__name__
    return f"{reply.status_code} {reply.text[:500]}"


def serves(target: str, service: str, timeout_s: float) -> bool:
    """Whether a gRPC server says SERVING for the service."""
    with grpc.insecure_channel(target, options=[("grpc.enable_http_proxy", 0)]) as channel:
        request = health_pb2.HealthCheckRequest(service=service)
        try:
            reply = health_pb2_grpc.HealthStub(channel).Check(request, timeout=timeout_s)
        except grpc.RpcError:
            return False
        return bool(reply.status == health_pb2.HealthCheckResponse.SERVING)
