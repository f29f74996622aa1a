"""A channel whose certificates may be replaced while it is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import grpc

from servicekit.certificates.tls import CertificateFiles, Pem
from servicekit.telemetry.logs import get_logger

log = get_logger()
LONGEST_CALL_S = 7200.0
"""How long calls may go on over a channel that was replaced: as long as one try of a stage may take."""


def _of_the_newest(kind: str) -> Callable[..., Any]:
    """A method of a channel that takes the newest channel at every call, not once for a stub's life."""

    def multicallable(self: RotatingChannel, *named: Any, **options: Any) -> Callable[..., Any]:
        def call(*request: Any, **how: Any) -> Any:
            return getattr(self.newest(), kind)(*named, **options)(*request, **how)

        return call

    return multicallable


class RotatingChannel(grpc.aio.Channel):
    """Opens another channel when the certificate files have changed; running calls finish over the one they have."""

    def __init__(self, files: CertificateFiles, open_one: Callable[[Pem], grpc.aio.Channel]) -> None:
        """Read the files and open the first channel. Raises OSError."""
        self._files, self._open_one = files, open_one
        self._channel = open_one(files.read())
        self._retired: set[asyncio.Task[None]] = set()

    unary_unary = _of_the_newest("unary_unary")
    unary_stream = _of_the_newest("unary_stream")
    stream_unary = _of_the_newest("stream_unary")
    stream_stream = _of_the_newest("stream_stream")

    def newest(self) -> grpc.aio.Channel:
        """The channel with the certificates of now."""
        changed = self._files.read_if_changed()
        if changed is not None:
            retired, self._channel = self._channel, self._open_one(changed)
            closing = asyncio.create_task(retired.close(LONGEST_CALL_S))
            self._retired.add(closing)
            closing.add_done_callback(self._retired.discard)
            log.info("certificates replaced")
        return self._channel

    async def close(self, grace: float | None = None) -> None:
        """Close every channel that is still open."""
        for closing in self._retired:
            closing.cancel()
        await self._channel.close(grace)

    async def __aenter__(self) -> RotatingChannel:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        return self.newest().get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        await self._channel.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        await self.newest().channel_ready()
