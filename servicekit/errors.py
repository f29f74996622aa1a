"""Errors that cross a service boundary: one class, one google.rpc.Status with one ErrorInfo.

The table of reasons is in docs/errors.md. Servicers raise `ServiceError`; the call interceptor turns it into a
status; clients turn the status back with `from_rpc_error`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

DOMAIN = "interview-assessment"


@dataclass
class ServiceError(Exception):
    """A failure with a code for machines, a reason for programs and a message for people.

    `message` is English and never holds personal data. `retry_after_s` asks the caller to try again after that
    many seconds.
    """

    code: grpc.StatusCode
    reason: str
    message: str
    metadata: dict[str, str] = field(default_factory=dict)
    retry_after_s: float | None = None

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"

    @property
    def of_storage(self) -> bool:
        """Whether database or object store are away. Nothing goes on without them: they are waited for."""
        return "storage" in self.metadata

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later."""
        return self.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED) or (
            self.reason == "JUDGE_OUTPUT_INVALID"
        )


def field_invalid(name: str, description: str) -> ServiceError:
    """A request field is missing or out of range."""
    return ServiceError(grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID", f"{name}: {description}", {"field": name})


def media_not_found(uri: str) -> ServiceError:
    """The object store has no such file."""
    return ServiceError(
        grpc.StatusCode.NOT_FOUND, "MEDIA_NOT_FOUND", "The file is not in the object store.", {"uri": uri}
    )


def media_corrupt(uri: str) -> ServiceError:
    """The content is not what the reference says."""
    return ServiceError(
        grpc.StatusCode.DATA_LOSS, "MEDIA_CORRUPT", "The file differs from its size or SHA-256.", {"uri": uri}
    )


def media_unreadable(why: str) -> ServiceError:
    """The file cannot be decoded."""
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        "MEDIA_UNREADABLE",
        f"The file cannot be read as video or sound: {why}. Record or export it again (MP4, WebM, MOV, MKV, AVI).",
    )


def no_audio_stream() -> ServiceError:
    """The file has no sound track."""
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        "NO_AUDIO_STREAM",
        "The file has no sound track. Record it again with the microphone switched on.",
    )


def no_video_stream() -> ServiceError:
    """The file has no picture."""
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        "NO_VIDEO_STREAM",
        "The file has no picture. Record it again with the camera switched on.",
    )


def at_capacity(retry_after_s: float) -> ServiceError:
    """The service holds as many calls as it can."""
    return ServiceError(
        grpc.StatusCode.RESOURCE_EXHAUSTED, "CAPACITY", "The service is full.", retry_after_s=retry_after_s
    )


def model_not_ready(retry_after_s: float = 2.0) -> ServiceError:
    """The model is still loading, or the process is draining."""
    return ServiceError(
        grpc.StatusCode.UNAVAILABLE, "MODEL_NOT_READY", "The service is not ready.", retry_after_s=retry_after_s
    )


def upstream_down(what: str, retry_after_s: float = 5.0) -> ServiceError:
    """Something this service needs does not answer."""
    return ServiceError(
        grpc.StatusCode.UNAVAILABLE, "UPSTREAM_DOWN", f"{what} does not answer.", retry_after_s=retry_after_s
    )


def storage_down(what: str) -> ServiceError:
    """The database or the object store does not answer."""
    error = upstream_down(f"The {what}")
    error.metadata["storage"] = what
    return error


def store_refused(retry_after_s: float = 30.0) -> ServiceError:
    """The object store answers and does not let us in, which someone must put right meanwhile."""
    return ServiceError(
        grpc.StatusCode.UNAVAILABLE,
        "STORE_REFUSED",
        "The object store has no such bucket or refuses access.",
        {"storage": "object store"},
        retry_after_s=retry_after_s,
    )


def internal_error() -> ServiceError:
    """A bug; nothing about it leaks to the caller."""
    return ServiceError(grpc.StatusCode.INTERNAL, "INTERNAL", "Internal error.")


def to_status(error: ServiceError) -> grpc.Status:
    """The gRPC status with google.rpc details that `context.abort_with_status` takes."""
    details = [_pack(error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata))]
    if error.retry_after_s is not None:
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(int(error.retry_after_s * 1000))
        details.append(_pack(error_details_pb2.RetryInfo(retry_delay=delay)))
    if error.reason == "FIELD_INVALID":
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=error.metadata.get("field", ""), description=error.message
        )
        details.append(_pack(error_details_pb2.BadRequest(field_violations=[violation])))
    status = status_pb2.Status(code=error.code.value[0], message=error.message, details=details)
    converted: grpc.Status = rpc_status.to_status(status)
    return converted


def from_rpc_error(error: grpc.aio.AioRpcError | grpc.RpcError) -> ServiceError:
    """The `ServiceError` behind a failed call; calls that never reached a service become UNAVAILABLE UPSTREAM_DOWN."""
    code, message = error.code(), error.details() or ""
    found = ServiceError(code, _default_reason(code), message)
    status = rpc_status.from_call(error)
    for detail in status.details if status is not None else ():
        info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            found.reason, found.metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(retry):
            found.retry_after_s = retry.retry_delay.ToMilliseconds() / 1000
    return found


def _default_reason(code: grpc.StatusCode) -> str:
    return {
        grpc.StatusCode.UNAVAILABLE: "UPSTREAM_DOWN",
        grpc.StatusCode.DEADLINE_EXCEEDED: "DEADLINE_EXCEEDED",
        grpc.StatusCode.CANCELLED: "CANCELLED",
    }.get(code, "INTERNAL")


def _pack(message: object) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)  # type: ignore[arg-type]
    return packed
