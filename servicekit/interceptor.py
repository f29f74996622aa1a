"""The one interceptor around every call: rights, admission, errors, metrics, log line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
from opentelemetry import trace

from servicekit.certificates.rights import Rights
from servicekit.errors import ServiceError, at_capacity, internal_error, model_not_ready, to_status
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import get_logger

log = get_logger()
Context = grpc.aio.ServicerContext[Any, Any]


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Admits a call when its caller may, the service is ready and has room, and turns what it raises into a status.

    Health and reflection (everything outside `/interview.`) always pass.
    """

    def __init__(self, max_concurrent: int, rights: Rights | None = None, retry_after_s: float = 1.0) -> None:
        """Limit running calls to `max_concurrent`, `Get…` and `List…` aside, which cost nothing; 0 means no limit."""
        self.ready = False
        self._rights = rights or Rights()
        self._max_concurrent = max_concurrent
        self._retry_after_s = retry_after_s
        self._running = 0

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any] | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Wrap the handler of one of our own methods."""
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or not method.startswith("/interview."):
            return handler
        return self._wrap(handler, method)

    def _wrap(self, handler: Any, method: str) -> grpc.RpcMethodHandler[Any, Any]:
        async def unary(request: Any, context: Context) -> Any:
            async with self._guard(method, context):
                return await handler.unary_unary(request, context)

        async def stream(request: Any, context: Context) -> AsyncIterator[Any]:
            async with self._guard(method, context):
                async for response in handler.unary_stream(request, context):
                    yield response

        if handler.response_streaming:
            return grpc.unary_stream_rpc_method_handler(
                stream, handler.request_deserializer, handler.response_serializer
            )
        return grpc.unary_unary_rpc_method_handler(unary, handler.request_deserializer, handler.response_serializer)

    @asynccontextmanager
    async def _guard(self, method: str, context: Context) -> AsyncIterator[None]:
        started, code, reason, failure = time.perf_counter(), "OK", "", None
        admitted = False
        try:
            self._rights.check(method, context)
            self._admit(method)
            admitted = True
            metrics.RUNNING.labels(method).inc()
            yield
        except ServiceError as error:
            code, reason, failure = error.code.name, error.reason, error
        except (asyncio.CancelledError, GeneratorExit):
            code = "CANCELLED"
            raise
        except Exception:
            code, reason, failure = "INTERNAL", "INTERNAL", internal_error()
            log.exception("call failed", method=method)
        finally:
            if admitted:
                self._running -= 1
                metrics.RUNNING.labels(method).dec()
            elapsed_s = time.perf_counter() - started
            metrics.CALLS.labels(method, code, reason).inc()
            if reason:
                trace.get_current_span().set_attribute("error.type", reason)
            metrics.CALL_SECONDS.labels(method).observe(elapsed_s)
            log.info("call", method=method, code=code, reason=reason, elapsed_s=round(elapsed_s, 3))
        if failure is not None:
            await context.abort_with_status(to_status(failure))

    def _admit(self, method: str) -> None:
        if not self.ready:
            raise model_not_ready()
        reads_only = method.rpartition("/")[2].startswith(("Get", "List"))
        if not reads_only and self._max_concurrent and self._running >= self._max_concurrent:
            raise at_capacity(self._retry_after_s)
        self._running += 1
