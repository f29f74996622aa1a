"""From errors to HTTP: the only place that knows status codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import grpc
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from gateway.errors import RequestError
from servicekit.errors import DOMAIN, ServiceError, field_invalid, internal_error
from servicekit.telemetry.logs import get_logger

log = get_logger()

HTTP_CODES = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.FAILED_PRECONDITION: 400,
    grpc.StatusCode.OUT_OF_RANGE: 400,
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.ABORTED: 409,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.CANCELLED: 499,
    grpc.StatusCode.INTERNAL: 500,
    grpc.StatusCode.UNKNOWN: 500,
    grpc.StatusCode.DATA_LOSS: 500,
    grpc.StatusCode.UNIMPLEMENTED: 501,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.DEADLINE_EXCEEDED: 504,
}
"""gRPC code to HTTP code, as in google/rpc/code.proto."""

_REASON_CODES = {"CHECKSUM_DIFFERS": 460, "RANGE_NOT_SATISFIABLE": 416, "SESSION_DELETED": 410}
"""HTTP codes that no gRPC code stands for: of tus (extension checksum), of parts of files, and of what was there."""

_STATUSES = {404: grpc.StatusCode.NOT_FOUND, 405: grpc.StatusCode.UNIMPLEMENTED}


def add_handlers(app: FastAPI) -> None:
    """Answer every error as JSON: `{"error": {...}}` on `/v1`, `{"success": false, "error": "..."}` elsewhere."""
    app.add_exception_handler(RequestError, _on_request_error)
    app.add_exception_handler(ServiceError, _on_service_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(Exception, _on_bug)


def v1_body(error: ServiceError) -> dict[str, Any]:
    """The body of an error on `/v1`. URIs of the object store stay inside."""
    metadata = {key: value for key, value in error.metadata.items() if key != "uri"}
    return {
        "error": {
            "code": HTTP_CODES[error.code],
            "status": error.code.name,
            "message": error.message,
            "details": [{"reason": error.reason, "domain": DOMAIN, "metadata": metadata}],
        }
    }


def _failure(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"success": False, "error": message}, status, headers)


def _service_response(request: Request, error: ServiceError) -> JSONResponse:
    headers = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    if error.code == grpc.StatusCode.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Basic" if request.url.path.startswith("/v1/greenhouse/") else "Bearer"
    if error.reason == "RANGE_NOT_SATISFIABLE":
        headers["Content-Range"] = f"bytes */{error.metadata['size']}"
    if error.reason == "SESSION_DELETED" and (gone := request.path_params.get("session_id")):
        headers["Link"] = f'</v1/sessions/{gone}/receipt>; rel="describedby"'
        error.metadata["receipt"] = f"/v1/sessions/{gone}/receipt"
    if request.url.path.startswith("/v1/"):
        return _v1_response(error, _REASON_CODES.get(error.reason, HTTP_CODES[error.code]), headers)
    return _failure(_REASON_CODES.get(error.reason, HTTP_CODES[error.code]), error.message, headers)


async def _on_request_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestError)
    if request.url.path.startswith("/v1/"):
        code = grpc.StatusCode.INVALID_ARGUMENT
        return _v1_response(ServiceError(code, "FIELD_INVALID", error.message), error.status)
    return _failure(error.status, error.message)


async def _on_service_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)
    return _service_response(request, error)


async def _on_validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:])
    return _service_response(request, field_invalid(name, first["msg"]))


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/v1/"):
        code = _STATUSES.get(error.status_code, grpc.StatusCode.INVALID_ARGUMENT)
        return _v1_response(ServiceError(code, code.name, str(error.detail)), error.status_code, error.headers)
    return _failure(error.status_code, str(error.detail), dict(error.headers or {}))


def _v1_response(error: ServiceError, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """For HTTP codes that no gRPC code stands for."""
    body = v1_body(error)
    body["error"]["code"] = status
    return JSONResponse(body, status, headers)


async def _on_disconnect(_request: Request, _error: Exception) -> JSONResponse:
    # Nobody reads it; 499 is what shows in the log and the metrics.
    return _failure(499, "The connection was closed before the request was complete.")


async def _on_bug(request: Request, error: Exception) -> JSONResponse:
    log.error("request failed", error_type=type(error).__name__)
    return _service_response(request, internal_error())
