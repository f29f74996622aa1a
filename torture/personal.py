"""What went in about people must not be in logs, traces and metrics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import httpx
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)

from rehearsal.callers import QUESTION
from rehearsal.servers.cluster import Cluster

NAME = "Xylophania Quandry"
"""Every candidate's name begins so, and with it the keys of their hand-ins."""
FILE_NAME = "xylophania-in-her-kitchen.mp4"
PERSONAL = {
    "a name": re.compile(re.escape(NAME.split()[0]).encode(), re.IGNORECASE),
    "a question": re.compile(re.escape(QUESTION).encode()),
    "a transcript": re.compile(rb"\bword\d+ word\d+"),
    "words of the sample": re.compile(rb"payment service", re.IGNORECASE),
    "a translation": re.compile(rb"\b(en|id)-word\d+"),
    "a summary": re.compile(rb"Nobody read"),
}
"""What sleeping services hear, what the sample says, and what goes in."""


class Traces(TraceServiceServicer):
    """Keeps all that arrives, as it comes."""

    def __init__(self) -> None:
        """Nothing listens yet; see `collecting`."""
        self.address, self.raw, self.spans = "", b"", 0

    def Export(self, request: pb.ExportTraceServiceRequest, context: Any) -> pb.ExportTraceServiceResponse:
        """Take in what a process sends."""
        self.raw += request.SerializeToString()
        self.spans += sum(len(scope.spans) for resource in request.resource_spans for scope in resource.scope_spans)
        return pb.ExportTraceServiceResponse()


@contextmanager
def collecting() -> Iterator[Traces]:
    """Traces sent to a free port of loopback."""
    traces, server = Traces(), grpc.server(ThreadPoolExecutor(2))
    add_TraceServiceServicer_to_server(traces, server)  # type: ignore[no-untyped-call]
    traces.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield traces
    finally:
        server.stop(grace=None).wait()


def logs(system: Cluster) -> dict[str, bytes]:
    """All that was logged, by who logged it, of killed processes too."""
    found = {r.program.name: r.program.log for d in system.deployments.values() for r in d.all_replicas}
    servers = {"postgresql": system.database.process, "object store": system.store.process, "temporal": system.temporal}
    found |= {name: process.log for name, process in servers.items()}
    return {name: path.read_bytes() for name, path in found.items() if path.exists()}


def metrics(system: Cluster) -> dict[str, bytes]:
    """What every replica tells Prometheus."""
    found = {}
    for name, deployment in system.deployments.items():
        for replica in deployment.ready:
            url = f"http://{replica.address}:{system.metrics_ports[name]}/metrics"
            found[replica.program.name] = httpx.get(url, trust_env=False, timeout=10).content
    return found


def personal(texts: Mapping[str, bytes]) -> list[str]:
    """Which text has what of a person, and how often."""
    return [
        f"{where}: {what}, {len(found)} times, first at: {_around(text, pattern)}"
        for where, text in texts.items()
        for what, pattern in PERSONAL.items()
        if (found := pattern.findall(text))
    ]


def _around(text: bytes, pattern: re.Pattern[bytes]) -> str:
    found = pattern.search(text)
    start = found.start() if found else 0
    return text[max(0, start - 100) : start + 60].decode(errors="replace").replace("\n", " ")
