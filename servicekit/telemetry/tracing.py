"""OpenTelemetry tracing; off without an endpoint. Nothing that could be a person's leaves the process in a span."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.grpc import aio_client_interceptors, aio_server_interceptor, filters
from opentelemetry.instrumentation.grpc._aio_client import UnaryUnaryAioClientInterceptor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

_PERSONAL = {"url.query", "url.path"}
"""Attributes with candidates' names in searches and the tokens of links. `http.route` says enough."""

# Probes come every few seconds, and nobody looks at their traces.
_NO_PROBES = filters.negate(filters.health_check())


def configure_tracing(endpoint: str, service: str) -> None:
    """Export spans to `endpoint` (OTLP over gRPC). Without one, spans are made and dropped at no cost."""
    if not endpoint:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(RedactingExporter(OTLPSpanExporter(endpoint=endpoint))))
    trace.set_tracer_provider(provider)


def server_interceptors() -> list[grpc.aio.ServerInterceptor]:
    """Interceptors that continue the caller's trace."""
    return [aio_server_interceptor(filter_=_NO_PROBES)]  # type: ignore[no-untyped-call]


def client_interceptors() -> list[grpc.aio.ClientInterceptor]:
    """Interceptors that send the trace along."""
    plain = aio_client_interceptors(filter_=_NO_PROBES)  # type: ignore[no-untyped-call]
    others = [i for i in plain if not isinstance(i, UnaryUnaryAioClientInterceptor)]
    tracer = trace.get_tracer("servicekit")
    return [_CancellableUnary(tracer, filter_=_NO_PROBES), *others]  # type: ignore[no-untyped-call]


class RedactingExporter(SpanExporter):
    """Exports spans without personal attributes and messages of exceptions: a database's can quote a name."""

    def __init__(self, exporter: SpanExporter) -> None:
        """Hand what is left to `exporter`."""
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export spans; of a failure only its kind is told."""
        return self._exporter.export([_redacted(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


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


def _redacted(span: ReadableSpan) -> ReadableSpan:
    kind = (span.status.description or "").partition(":")[0]  # of `KeyError: …` or `StatusCode.NOT_FOUND:…`
    return ReadableSpan(
        span.name,
        span.context,
        span.parent,
        span.resource,
        {key: value for key, value in (span.attributes or {}).items() if key not in _PERSONAL},
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code, kind if kind.replace(".", "").isidentifier() else None),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
