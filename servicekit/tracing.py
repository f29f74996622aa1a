"""OpenTelemetry tracing over gRPC and HTTP; off without an endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.grpc import aio_client_interceptors, aio_server_interceptor
from opentelemetry.instrumentation.grpc._aio_client import UnaryUnaryAioClientInterceptor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def configure_tracing(endpoint: str, service: str) -> None:
    """Export spans to `endpoint` (OTLP over gRPC). Without one, spans are made and dropped at no cost."""
    if not endpoint:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)


def server_interceptors() -> list[grpc.aio.ServerInterceptor]:
    """Interceptors that continue the caller's trace."""
    return [aio_server_interceptor()]  # type: ignore[no-untyped-call]


def client_interceptors() -> list[grpc.aio.ClientInterceptor]:
    """Interceptors that send the trace along."""
    plain = aio_client_interceptors()  # type: ignore[no-untyped-call]
    others = [i for i in plain if not isinstance(i, UnaryUnaryAioClientInterceptor)]
    return [_CancellableUnary(trace.get_tracer("servicekit")), *others]  # type: ignore[no-untyped-call]


class _CancellableUnary(UnaryUnaryAioClientInterceptor):
    """OpenTelemetry's, which waits for the answer in a place where a cancelled caller does not reach the call."""

    async def _wrap_unary_response(self, continuation: Callable[[], Awaitable[Any]], span: trace.Span) -> Any:
        call = await continuation()

        async def same() -> Any:
            return call

        try:
            return await super()._wrap_unary_response(same, span)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            call.cancel()
            raise
