from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from interview.judge.v1 import judge_service_pb2 as pb
from interview.judge.v1.judge_service_pb2_grpc import (
    JudgeServiceServicer,
    JudgeServiceStub,
    add_JudgeServiceServicer_to_server,
)

from servicekit import errors
from servicekit.errors import DOMAIN, ServiceError, from_rpc_error
from tests.support.serving import served

EVERY = [
    errors.field_invalid("answers[2].question", "is required"),
    errors.media_not_found("file:///store/a"),
    errors.media_corrupt("file:///store/a"),
    errors.media_unreadable("it is empty"),
    errors.no_audio_stream(),
    errors.no_video_stream(),
    errors.at_capacity(0.25),
    errors.model_not_ready(),
    errors.upstream_down("The store", 7.5),
    errors.internal_error(),
    ServiceError(grpc.StatusCode.NOT_FOUND, "SESSION_NOT_FOUND", "Tidak ada — sesi.", {"id": "x"}),
]


class Refusing(JudgeServiceServicer):
    """Answers every translation with one error."""

    service_name = pb.DESCRIPTOR.services_by_name["JudgeService"].full_name

    def __init__(self, error: Exception) -> None:
        self.error = error

    def register(self, server: grpc.aio.Server) -> None:
        add_JudgeServiceServicer_to_server(self, server)

    async def load(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def Translate(self, request: pb.TranslateRequest, context: Any) -> pb.TranslateResponse:
        raise self.error

    async def Evaluate(self, request: Any, context: Any) -> Any:
        raise AssertionError("not called")

    async def Summarize(self, request: Any, context: Any) -> Any:
        raise AssertionError("not called")

    async def ListRubrics(self, request: Any, context: Any) -> Any:
        raise AssertionError("not called")


@asynccontextmanager
async def refusal(error: Exception) -> AsyncIterator[grpc.aio.AioRpcError]:
    async with served(Refusing(error)) as channel:
        stub: Any = JudgeServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Translate(pb.TranslateRequest(text="Hello."))
    yield caught.value


@pytest.mark.parametrize("error", EVERY, ids=lambda error: str(error.reason))
async def test_an_error_is_the_same_on_the_other_side(error: ServiceError) -> None:
    async with refusal(replace(error)) as arrived:
        assert from_rpc_error(arrived) == error


async def test_a_status_holds_one_reason_of_ours() -> None:
    async with refusal(errors.field_invalid("text", "is required")) as arrived:
        status = rpc_status.from_call(arrived)
        assert [detail.TypeName() for detail in status.details] == ["google.rpc.ErrorInfo", "google.rpc.BadRequest"]
        info, request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        assert status.details[0].Unpack(info)
        assert status.details[1].Unpack(request)
        assert (info.domain, info.reason) == (DOMAIN, "FIELD_INVALID")
        assert [(v.field, v.description) for v in request.field_violations] == [("text", "text: is required")]


async def test_a_full_service_sends_its_delay() -> None:
    async with refusal(errors.at_capacity(1.5)) as arrived:
        retry = error_details_pb2.RetryInfo()
        assert rpc_status.from_call(arrived).details[1].Unpack(retry)
        assert retry.retry_delay == Duration(seconds=1, nanos=500_000_000)


async def test_a_bug_in_a_single_call_leaks_nothing() -> None:
    async with refusal(ValueError("Jane Doe said hello")) as arrived:
        assert from_rpc_error(arrived) == errors.internal_error()
        assert "Jane" not in str(arrived.trailing_metadata())


@pytest.mark.parametrize(
    ("error", "retryable"),
    [
        (errors.at_capacity(1.0), True),
        (errors.model_not_ready(), True),
        (errors.upstream_down("It"), True),
        (ServiceError(grpc.StatusCode.INTERNAL, "JUDGE_OUTPUT_INVALID", ""), True),
        (errors.internal_error(), False),
        (errors.media_corrupt(""), False),
        (errors.field_invalid("x", ""), False),
    ],
)
def test_what_may_be_tried_again(error: ServiceError, retryable: bool) -> None:
    assert error.retryable is retryable
