"""Serving: health, reflection, readiness while loading and draining, graceful end."""

from __future__ import annotations

import asyncio
import signal
import time
from typing import Protocol, runtime_checkable

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from servicekit.certificates.rights import Rights
from servicekit.certificates.tls import server_credentials
from servicekit.interceptor import CallInterceptor
from servicekit.settings import ServerSettings
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import configure_logs, get_logger
from servicekit.telemetry.tracing import configure_tracing, server_interceptors

log = get_logger()
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Servicer(Protocol):
    """One gRPC service, as the server needs it."""

    service_name: str
    """Full name, such as `interview.audio.v1.AudioService`."""

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""

    async def load(self) -> None:
        """Make ready to take calls. Blocking work belongs in a thread."""

    async def close(self) -> None:
        """Let go of everything; called once, after the last call."""


@runtime_checkable
class GuardedServicer(Protocol):
    """A servicer with more than its one service, or with calls that not everybody may make."""

    also_serves: tuple[str, ...]
    """Full names of its other services."""

    guarded: tuple[str, ...]
    """Methods, such as `/interview.audio.v1.AudioService/Analyze`, for callers on this machine and for certificates
    that the settings name for them."""


class Server:
    """A gRPC server around one servicer. `start`, then `load`, then `stop`; `serve` does all three."""

    def __init__(self, servicer: Servicer, settings: ServerSettings) -> None:
        """Bind nothing yet; `start` does."""
        self._servicer = servicer
        self._settings = settings
        guarded = frozenset(servicer.guarded if isinstance(servicer, GuardedServicer) else ())
        self._calls = CallInterceptor(settings.max_concurrent, Rights(settings.rights, guarded))
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(
            interceptors=[*server_interceptors(), self._calls], options=_options(settings.max_connection_age_s)
        )
        self._probed: grpc.aio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen, with health NOT_SERVING. Raises RuntimeError when a port is taken, OSError without certificates."""
        self._servicer.register(self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = (*self._services(), health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, self._server)
        await self._report(NOT_SERVING)
        address = f"{self._settings.host}:{self._settings.port}"
        if self._settings.tls:
            self.port = self._server.add_secure_port(address, server_credentials(self._settings))
        else:
            self.port = self._server.add_insecure_port(address)
        await self._server.start()
        if self._settings.health_port:
            await self._serve_probes(f"{self._settings.host}:{self._settings.health_port}")
        log.info("listening", port=self.port)

    async def load(self) -> None:
        """Load the servicer and report SERVING."""
        started = time.perf_counter()
        await self._servicer.load()
        metrics.MODEL_LOAD_SECONDS.set(time.perf_counter() - started)
        self._calls.ready = True
        metrics.READY.set(1)
        await self._report(SERVING)
        log.info("ready", load_s=round(time.perf_counter() - started, 2))

    async def stop(self, drain_timeout_s: float | None = None) -> None:
        """Report NOT_SERVING, let running calls finish within the drain time, close the servicer."""
        metrics.READY.set(0)
        await self._report(NOT_SERVING)
        await self._server.stop(self._settings.drain_timeout_s if drain_timeout_s is None else drain_timeout_s)
        if self._probed is not None:
            await self._probed.stop(None)
        await self._servicer.close()

    async def _serve_probes(self, address: str) -> None:
        self._probed = grpc.aio.server(options=_options(self._settings.max_connection_age_s))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._probed)
        self._probed.add_insecure_port(address)
        await self._probed.start()

    async def _report(self, state: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        for name in ("", *self._services()):
            await self._health.set(name, state)

    def _services(self) -> tuple[str, ...]:
        others = self._servicer.also_serves if isinstance(self._servicer, GuardedServicer) else ()
        return self._servicer.service_name, *others


async def serve(servicer: Servicer, settings: ServerSettings) -> None:
    """Run until SIGTERM or SIGINT. A failed load ends the process with its error after it was logged."""
    server, stopped = Server(servicer, settings), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    await server.start()
    metrics.serve_metrics(settings.host, settings.metrics_port)
    loading = asyncio.create_task(server.load())
    waiting = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({loading, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if loading.done():
            loading.result()
        await waiting
        log.info("draining")
    finally:
        for task in (loading, waiting):
            task.cancel()
        await server.stop()


def run(servicer: Servicer, settings: ServerSettings) -> None:
    """What a service's `__main__` calls: logs, traces, then `serve`."""
    name = servicer.service_name
    configure_logs(settings.log_level, name)
    configure_tracing(settings.otlp_endpoint, name)
    asyncio.run(serve(servicer, settings))


def _options(max_connection_age_s: float) -> list[tuple[str, int]]:
    return [
        ("grpc.so_reuseport", 0),  # a taken port is an error, not a silent second server
        ("grpc.max_connection_age_ms", int(max_connection_age_s * 1000)),
        ("grpc.max_connection_age_grace_ms", 3_600_000),  # a call may outlive its connection's age
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
    ]
