"""Prometheus metrics that every process or service has. docs/metrics.md explains all there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram, make_wsgi_app, start_http_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CALLS = Counter("interview_calls_total", "Finished gRPC calls, refused ones included.", ["method", "code", "reason"])
CALL_SECONDS = Histogram(
    "interview_call_seconds",
    "Duration of gRPC calls, refused ones included.",
    ["method"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640),
)
RUNNING = Gauge("interview_calls_running", "gRPC calls that run now.", ["method"])
READY = Gauge("interview_ready", "1 while the process takes calls.")
MODEL_LOAD_SECONDS = Gauge("interview_model_load_seconds", "How long loading took.")
CERTIFICATE_EXPIRY = Gauge(
    "interview_certificate_expiry_timestamp_seconds", "When the certificate for mutual TLS ends, Unix time; 0 without."
)
MODEL_SECONDS = Histogram(
    "interview_model_seconds",
    "How long a model worked on one call; fetching the recording is not in it.",
    ["service"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560),
)
MEDIA_SECONDS = Counter(
    "interview_media_seconds_total", "Length of the recordings that a model has worked through.", ["service"]
)
UNREADABLE = Counter(
    "interview_unreadable_objects_total", "Encrypted objects that could not be read, by reason.", ["reason"]
)
UNREADABLE_REASONS = ("KEY_MISSING", "KEY_UNREADABLE", "MEDIA_CORRUPT")
for _reason in UNREADABLE_REASONS:  # a counter that begins with its first failure never rises
    UNREADABLE.labels(_reason)


def serve_metrics(host: str, port: int) -> None:
    """Serve `/metrics`, and for probes of a process that serves nothing else `/healthz` and `/readyz`: whether it takes
    work. Port 0 means off.
    """
    if port:
        server, _ = start_http_server(port, addr=host)
        server.set_app(_with_health(make_wsgi_app()))


def is_ready() -> bool:
    """What `interview_ready` says."""
    return any(sample.value for metric in READY.collect() for sample in metric.samples)


def _with_health(metrics: WSGIApplication) -> WSGIApplication:
    answers: dict[str, Callable[[], bool]] = {"/healthz": lambda: True, "/readyz": is_ready}

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if (holds := answers.get(environ["PATH_INFO"])) is None:
            return metrics(environ, start)
        found = holds()
        start("200 OK" if found else "503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"ok" if found else b"not ready"]

    return application
