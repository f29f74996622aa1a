"""JSON logs: a constant message and structured fields, one object a line on standard error."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import cast

import structlog
from opentelemetry import trace

_QUIET = {
    "httpx": logging.WARNING,  # logs whole URLs, which can carry a candidate's file ids
    "httpcore": logging.WARNING,
    "faster_whisper": logging.WARNING,
    "temporalio.activity": logging.ERROR,  # every retry of a waiting stage; the stage logs its own line
}


def configure_logs(level: str, service: str) -> None:
    """Send structlog and the standard library's logging to standard error as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace_id,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_exception_text,
                structlog.processors.EventRenamer("message"),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)
    structlog.contextvars.bind_contextvars(service=service)


def get_logger() -> structlog.stdlib.BoundLogger:
    """A logger; its first argument is a constant message, everything else goes in keyword fields."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger())


def _without_exception_text(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace an exception by its type and stack: its message may hold personal data."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        event["error_type"] = info[0].__name__
        event["stack"] = "".join(traceback.format_tb(info[2]))
    return event


def _add_trace_id(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = format(context.trace_id, "032x")
    return event
