"""For which organisation and whom a request acts: said once, when it is known who asks, and told with every call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import grpc

from servicekit.organisation import METADATA, VIEWER

_acting: ContextVar[str] = ContextVar("organisation")
_viewing: ContextVar[str] = ContextVar("viewer", default="")


def act_for(organisation: str, viewer: str = "") -> None:
    """From now on this request acts for an organisation, and for somebody who sees only jobs that are open to them
    (empty: for one who sees every job).
    """
    _acting.set(organisation)
    _viewing.set(viewer)


@contextmanager
def acting_for(organisation: str) -> Iterator[None]:
    """Meanwhile what is asked is asked for this organisation."""
    before, viewed = _acting.set(organisation), _viewing.set("")
    try:
        yield
    finally:
        _acting.reset(before)
        _viewing.reset(viewed)


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
        viewing = ((VIEWER, viewer),) if (viewer := _viewing.get()) else ()
        return call(request, metadata=((METADATA, acting()), *viewing), **more)

    return named
