"""A collector of traces: what the processes of a system send by OTLP, kept in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue


@dataclass(frozen=True, slots=True)
class Span:
    """One span; ids in hex, `parent_id` empty for a root."""

    process: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, Any] = field(repr=False)


class Collector(TraceServiceServicer):
    """Keeps every span that arrives."""

    def __init__(self) -> None:
        """Nothing listens yet; see `collecting`."""
        self.port = 0
        self.raw = b""
        self._spans: list[Span] = []

    def Export(self, request: pb.ExportTraceServiceRequest, context: Any) -> pb.ExportTraceServiceResponse:
        """Take in what a process sends."""
        self.raw += request.SerializeToString()
        self._spans += _spans(request)
        return pb.ExportTraceServiceResponse()

    def trace(self, trace_id: str) -> list[Span]:
        """The spans of one trace that have arrived."""
        return [span for span in list(self._spans) if span.trace_id == trace_id]

    def trace_with(self, names: set[str], attributes: dict[str, str]) -> list[Span]:
        """The trace of the first span with these attributes, as soon as it has spans of all these names.

        Processes send theirs in batches, one after the other: every parent must have come too.
        """
        while True:
            first = next((s for s in list(self._spans) if attributes.items() <= s.attributes.items()), None)
            found = self.trace(first.trace_id) if first else []
            parents = {span.parent_id for span in found} - {span.span_id for span in found} - {""}
            if names <= {span.name for span in found} and not parents:
                return found
            time.sleep(0.2)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens on a free port of loopback."""
    collector, server = Collector(), grpc.server(ThreadPoolExecutor(2))
    add_TraceServiceServicer_to_server(collector, server)  # type: ignore[no-untyped-call]
    collector.port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield collector
    server.stop(grace=None).wait()


def _spans(request: pb.ExportTraceServiceRequest) -> Iterator[Span]:
    for resource in request.resource_spans:
        process = {a.key: _value(a.value) for a in resource.resource.attributes}["service.name"]
        for span in (span for scope in resource.scope_spans for span in scope.spans):
            attributes = {a.key: _value(a.value) for a in span.attributes}
            ids = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
            yield Span(process, span.name, *ids, attributes)


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(each) for each in value.array_value.values]
    return getattr(value, kind) if kind else None
