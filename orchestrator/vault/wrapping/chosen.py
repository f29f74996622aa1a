"""The wrapping of the settings, and those before it: what another kind has wrapped is unwrapped by that one."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from orchestrator.settings import VaultSettings
from orchestrator.vault.wrapping import kms, local, transit
from orchestrator.vault.wrapping.wrapped import KeyWrapping, UnwrapError, Wrapped

KINDS: dict[str, Callable[[VaultSettings], KeyWrapping]] = {
    local.KIND: local.LocalKeys,
    kms.KIND: kms.AwsKms,
    transit.KIND: transit.VaultTransit,
}
REMEMBERED_S, MOST_REMEMBERED = 300.0, 1000
"""For how long, and how many keys a process remembers, so that a service elsewhere is not asked for every object."""


class ChosenWrapping:
    """A `KeyWrapping`."""

    def __init__(self, settings: VaultSettings) -> None:
        """Wrap with `settings.key_service`."""
        self._settings, self._opened = settings, dict[str, KeyWrapping]()
        self._remembered: OrderedDict[tuple[Wrapped, str], tuple[float, bytes]] = OrderedDict()

    async def wrap(self, secret: bytes, context: str, key_name: str = "") -> Wrapped:
        """Encrypt a data key. Raises KEY_NAME_REFUSED."""
        return await self._of(self._settings.key_service).wrap(secret, context, key_name)

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Decrypt a data key with what has encrypted it."""
        kind, known = wrapped.by.partition(":")[0], (wrapped, context)
        if kind not in KINDS:
            raise UnwrapError(f"nothing is known of {kind}")
        if kind == local.KIND:
            return await self._of(kind).unwrap(wrapped, context)
        until, secret = self._remembered.get(known, (0.0, b""))
        if until > time.monotonic():
            return secret
        secret = await self._of(kind).unwrap(wrapped, context)
        self._remembered[known] = time.monotonic() + REMEMBERED_S, secret
        self._remembered.move_to_end(known)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return secret

    async def close(self) -> None:
        for each in self._opened.values():
            await each.close()

    def _of(self, kind: str) -> KeyWrapping:
        if kind not in self._opened:
            self._opened[kind] = KINDS[kind](self._settings)
        return self._opened[kind]
