"""For which organisation a request acts: said once, when it is known who asks, and told with every call after that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import grpc

from servicekit.organisation import METADATA

_acting: ContextVar[str] = ContextVar("organisation")


def act_for(organisation: str) -> None:
    """From now on this request acts for an organisation."""
    _acting.set(organisation)


@contextmanager
def acting_for(organisation: str) -> Iterator[None]:
    """Meanwhile what is asked is asked for this organisation."""
    before = _acting.set(organisation)
    try:
        yield
    finally:
        _acting.reset(before)


def acting() -> str:
    """The organisation of this request. Raises LookupError where nobody has found out: nothing is asked for then."""
    return _acting.get()


class NamedChannel:
    """A channel whose calls name the organisation that they are made for."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._channel = channel

    def unary_unary(self, method: str, *arguments: Any, **more: Any) -> Callable[..., Any]:
        """A call with one answer."""
        return _naming(self._channel.unary_unary(method, *arguments, **more))

    def unary_stream(self, method: str, *arguments: Any, **more: Any) -> Callable[..., Any]:
        """A call with many."""
        return _naming(self._channel.unary_stream(method, *arguments, **more))


def _naming(call: Callable[..., Any]) -> Callable[..., Any]:
    def named(request: Any, **more: Any) -> Any:
        return call(request, metadata=((METADATA, acting()),), **more)

    return named
