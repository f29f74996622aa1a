"""Data keys in memory."""

from __future__ import annotations

from servicekit.storage.segments import DataKey


class KeysInMemory:
    """Makes keys when asked, as the orchestrator does; tests take them away."""

    def __init__(self) -> None:
        self.keys: dict[str, DataKey] = {}
        self.stale: dict[str, DataKey] = {}
        """What is found by those who do not ask anew."""

    async def find(self, folder: str, fresh: bool = False) -> DataKey | None:
        return self.keys.get(folder) if fresh or folder not in self.stale else self.stale[folder]

    async def to_write(self, folder: str) -> DataKey | None:
        return self.keys.get(folder)

    async def make(self, folder: str) -> DataKey | None:
        return self.keys.setdefault(folder, DataKey.new())

    async def destroy(self, folder: str) -> None:
        self.keys.pop(folder, None)
