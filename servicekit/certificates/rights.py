"""Which caller may make which call: by the names in its certificate, and by whether it is on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

import grpc

from servicekit.errors import ServiceError
from servicekit.organisation import named

_LOOPBACK = ("ipv4:127.0.0.1:", "ipv6:[::1]:", "unix:")
"""Not all of 127.0.0.0/8: the proxies of service meshes bring strangers' calls from 127.0.0.6."""


@dataclass(frozen=True, slots=True)
class Rights:
    """`granted`: certificates' names and patterns of `Service/Method`, or of `Service/Method@organisation` for calls
    for one organisation only; without any, certificates need no grant.

    `guarded` methods, full names with their `/`, always need one, except for callers on this machine.
    """

    granted: Mapping[str, Iterable[str]] = field(default_factory=dict)
    guarded: frozenset[str] = frozenset()

    def check(self, method: str, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        """Raise METHOD_FORBIDDEN unless the caller may call `/package.Service/Method`."""
        name = method.rpartition(".")[2]
        if any(_fits(name, pattern, context) for pattern in self._patterns(context)):
            return
        if method in self.guarded:
            if not unquote(context.peer()).startswith(_LOOPBACK):
                raise method_forbidden()
        elif self.granted:
            raise method_forbidden()

    def _patterns(self, context: grpc.aio.ServicerContext[Any, Any]) -> Iterator[str]:
        for caller in _names(context) if self.granted else ():
            yield from self.granted.get(caller, ())


def _fits(name: str, pattern: str, context: grpc.aio.ServicerContext[Any, Any]) -> bool:
    """Whether a pattern is of this method, and of the organisation that the call is for, where it names one."""
    method, _, organisation = pattern.partition("@")
    return fnmatchcase(name, method) and (not organisation or fnmatchcase(named(context), organisation))


def method_forbidden() -> ServiceError:
    """The caller's certificate is not for this."""
    message = "This caller may not make this call. See the setting RIGHTS of the service."
    return ServiceError(grpc.StatusCode.PERMISSION_DENIED, "METHOD_FORBIDDEN", message)


def _names(context: grpc.aio.ServicerContext[Any, Any]) -> Iterator[str]:
    """The names in the caller's certificate, which TLS has checked against the CA."""
    found = context.auth_context()
    for kind in ("x509_subject_alternative_name", "x509_common_name"):
        for value in found.get(kind, ()):
            yield value.decode() if isinstance(value, bytes) else str(value)
