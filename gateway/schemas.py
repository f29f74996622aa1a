"""The JSON bodies of the gateway."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SESSION_ID = "4ec407d0b416464283cee9f97d44fa0b"
"""Example id in the API description."""


class Body(BaseModel):
    """A JSON body; the texts under the fields are their descriptions."""

    model_config = ConfigDict(use_attribute_docstrings=True)


MAX_INDEX = 999
"""Of an answer; sessions have 100 at most."""


class ErrorDetail(Body):
    """Why, for programs."""

    reason: str = Field(examples=["SESSION_NOT_FOUND"])
    domain: str
    metadata: dict[str, str]


class ErrorInfo(Body):
    """An error on `/v1`."""

    code: int = Field(examples=[404])
    """The HTTP code."""
    status: str = Field(examples=["NOT_FOUND"])
    """The gRPC code."""
    message: str
    """For people."""
    details: list[ErrorDetail]


class ErrorBody(Body):
    """The body of every error on `/v1`."""

    error: ErrorInfo


class Health(Body):
    """Whether the gateway can work."""

    status: Literal["ok", "ready", "not_ready"]
    missing: list[str] = []
    """What does not answer: `orchestrator`, `object_store`."""
