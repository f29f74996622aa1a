"""A request as data, with the reader of its answer. Nothing here does input or output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from interview_client.errors import not_understood

T = TypeVar("T")
B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request without a file. `parse` raises InterviewError when the answer makes no sense."""

    method: str
    path: str
    parse: Callable[[bytes], T]
    params: Mapping[str, str | int] | None = None
    body: Any = None
    headers: Mapping[str, str] | None = None

    def request(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """The request, ready to be sent by `http`."""
        return http.build_request(self.method, self.path, params=self.params, json=self.body, headers=self.headers)


def reader(kind: type[B], what: str) -> Callable[[bytes], B]:
    """Reads a body of this kind. Raises InterviewError, in which it is called `what`."""

    def read(body: bytes) -> B:
        try:
            return kind.model_validate_json(body)
        except ValidationError:
            raise not_understood(what) from None

    return read


def session_path(session_id: str, rest: str = "") -> str:
    """The path of a session on `/v1`, whatever the id holds."""
    return f"/v1/sessions/{safe(session_id)}{rest}"


def safe(part: str) -> str:
    """A part of a path that stays one part."""
    return quote(part, safe="")


def given(values: Mapping[str, object]) -> dict[str, Any]:
    """What is there: without empty texts and None."""
    return {name: value for name, value in values.items() if value not in ("", None)}
