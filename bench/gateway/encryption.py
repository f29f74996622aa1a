"""What encryption costs: the object store by itself, and uploads through a gateway, each beside the same in clear."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from tusclient.client import TusClient

from bench.gateway.front import front
from bench.gateway.uploading import form_upload, made_file, resumable_upload
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from servicekit.storage.segments import SEGMENT_BYTES, DataKey

RUNS = 5
RECORDING_BYTES = 256 << 20
PART_BYTES = 1 << 20
OFF = {"INTERVIEW_ENCRYPTION": "false"}
Row = tuple[str, str, str]


class OneKey:
    """The same key for every folder, or none."""

    def __init__(self, key: DataKey | None) -> None:
        """`key`: None for what is stored in clear."""
        self._key = key

    async def find(self, folder: str, fresh: bool = False) -> DataKey | None:
        """The key."""
        return self._key

    async def to_write(self, folder: str) -> DataKey | None:
        """The key."""
        return self._key

    async def make(self, folder: str) -> DataKey | None:
        """The key."""
        return self._key

    async def destroy(self, folder: str) -> None:
        pass


def measured(folder: Path) -> Iterator[Row]:
    """Rows of a table, for a file of the size of a recording."""
    source = made_file(folder / "source", RECORDING_BYTES)
    size = RECORDING_BYTES
    yield from asyncio.run(_stored(source, folder / "stored"))
    with (
        TemporaryDirectory(prefix="bench-", dir=folder) as one,
        TemporaryDirectory(prefix="bench-", dir=folder) as two,
        front(Path(one)) as sealed,
        front(Path(two), OFF) as clear,
    ):
        ways: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
            "POST /upload": (
                lambda: form_upload(sealed.url, source, sealed.gateway).seconds,
                lambda: form_upload(clear.url, source, clear.gateway).seconds,
            ),
            "tus, pieces of 32 MiB": (
                lambda: resumable_upload(sealed.url, source, sealed.gateway).seconds,
                lambda: resumable_upload(clear.url, source, clear.gateway).seconds,
            ),
            "a session of an upload that is there": (
                lambda: _taken(sealed.url, source),
                lambda: _taken(clear.url, source),
            ),
        }
        for name, (with_keys, without) in ways.items():
            pairs = [(with_keys(), without()) for _ in range(RUNS)]  # in turns: the machine changes meanwhile
            yield _row(name, size, *map(min, zip(*pairs, strict=True)))


def _taken(url: str, source: Path) -> float:
    with source.open("rb") as file:
        uploader = TusClient(f"{url}/v1/uploads").uploader(file_stream=file, chunk_size=32 << 20)
        uploader.upload()
    body = {
        "candidate_name": "Bench",
        "answers": [{"question": "Why?", "upload_id": str(uploader.url).rpartition("/")[2]}],
    }
    started = time.perf_counter()
    httpx.post(f"{url}/v1/sessions", json=body, trust_env=False, timeout=120).raise_for_status()
    return time.perf_counter() - started


async def _stored(source: Path, folder: Path) -> list[Row]:
    size, settings = RECORDING_BYTES, StoreSettings(INTERVIEW_OBJECT_STORE=str(folder))
    sealed, clear = (MediaStore(settings, keys=OneKey(key)) for key in (DataKey.new(), None))
    found: dict[str, list[tuple[float, float]]] = {"written": [], "read": [], "read by parts of 1 MiB": []}
    for _ in range(RUNS):
        for name, work in (("written", _write), ("read", _read), ("read by parts of 1 MiB", _parts)):
            found[name].append((await _timed(work, sealed, "1", source), await _timed(work, clear, "2", source)))
    for store in (sealed, clear):
        await store.delete_prefix("sessions")
    return [_row(f"the object store, {name}", size, *map(min, zip(*t, strict=True))) for name, t in found.items()]


async def _timed(
    work: Callable[[MediaStore, str, Path], Awaitable[None]], store: MediaStore, session: str, source: Path
) -> float:
    started = time.perf_counter()
    await work(store, f"sessions/{session}/0/video", source)
    return time.perf_counter() - started


async def _write(store: MediaStore, key: str, source: Path) -> None:
    await store.write_file(key, source)


async def _read(store: MediaStore, key: str, source: Path) -> None:
    async for _ in store.stream(store.uri(key)):
        pass


async def _parts(store: MediaStore, key: str, source: Path) -> None:
    for start in range(SEGMENT_BYTES // 2, await store.size(store.uri(key)), PART_BYTES):
        await store.part(store.uri(key), start, PART_BYTES)


def _row(name: str, size: int, sealed_s: float, clear_s: float) -> Row:
    rate = f"{size / sealed_s / 1e6:.0f} MB/s encrypted, {size / clear_s / 1e6:.0f} in clear"
    return f"{size >> 20} MiB: {name}", "", f"{rate}: {100 * (sealed_s / clear_s - 1):+.0f} % of the time"
