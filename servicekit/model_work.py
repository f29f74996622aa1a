"""What a model's work costs: a span and two metrics around it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Span, Status, StatusCode

from servicekit.telemetry import metrics
from servicekit.wire import Model

_tracer = trace.get_tracer("servicekit")


class ModelWork:
    """Work that runs; `done` says what it was, once that is known."""

    def __init__(self, service: str, span: Span) -> None:
        """Made by `model_work`."""
        self._service, self._span = service, span

    def done(self, models: Iterable[Model], media_s: float = 0.0) -> None:
        """Which models did it, and the length of the recording that they worked through, seconds."""
        ran = tuple(models)
        self._span.set_attribute("interview.model.names", [m.name for m in ran])
        self._span.set_attribute("interview.model.versions", [m.version for m in ran])
        self._span.set_attribute("interview.media.duration_s", media_s)
        metrics.MEDIA_SECONDS.labels(self._service).inc(media_s)


@contextmanager
def model_work(service: str, task: str) -> Iterator[ModelWork]:
    """Around a model's work for one call, its recording being there; `service` is the metrics' label."""
    started = time.perf_counter()
    # Not made the current span: a stream's generator can be closed in another context than it was started in.
    span = _tracer.start_span(f"model {task}", attributes={"interview.service": service})
    try:
        yield ModelWork(service, span)
    except BaseException as error:
        span.set_status(Status(StatusCode.ERROR))
        span.set_attribute("error.type", type(error).__name__)
        raise
    finally:
        span.end()
        metrics.MODEL_SECONDS.labels(service).observe(time.perf_counter() - started)
