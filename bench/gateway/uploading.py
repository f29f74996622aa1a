"""A large file through the gateway, beside the same file copied through a loopback socket."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from tusclient.client import TusClient

from local.system import ROOT

BLOCK = 1 << 20
SAMPLE_S = 0.02


@dataclass(slots=True)
class Growth:
    """How far a process's memory rose above where it stood."""

    before: int
    peak: int = 0

    @property
    def bytes(self) -> int:
        """The growth."""
        return max(0, self.peak - self.before)


@dataclass(frozen=True, slots=True)
class Upload:
    """One way of sending the file."""

    name: str
    seconds: float
    growth: Growth = field(default_factory=lambda: Growth(0))


def made_file(path: Path, size: int) -> Path:
    """A file of random bytes; a video is as good as random."""
    block = os.urandom(8 * BLOCK)
    with path.open("wb") as file:
        for _ in range(size // len(block)):
            file.write(block)
    return path


def socket_copy(source: Path, target: Path, hashed: bool) -> Upload:
    """Send the file through a socket from another process and write what arrives, block by block.

    `hashed`: with its SHA-256, which the gateway must have of every recording.
    """
    digest = hashlib.sha256()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    sender = subprocess.Popen([sys.executable, "-m", "bench.gateway.uploading", str(source), str(port)], cwd=ROOT)
    connection, _ = listener.accept()
    started, buffer = time.perf_counter(), memoryview(bytearray(BLOCK))
    with connection, target.open("wb") as file:
        while size := connection.recv_into(buffer):
            file.write(buffer[:size])
            if hashed:
                digest.update(buffer[:size])
    seconds = time.perf_counter() - started
    sender.wait()
    listener.close()
    target.unlink()
    return Upload(f"copied {'and hashed ' if hashed else ''}through a loopback socket", seconds)


def form_upload(url: str, source: Path, gateway: psutil.Process) -> Upload:
    """`POST /upload`, sent by curl."""
    form = ["-F", "candidate_name=Bench", "-F", "question=Why?", "-F", f"videos=@{source}"]
    with watched(gateway) as growth:
        started = time.perf_counter()
        subprocess.run(["curl", "-fsS", "-o", os.devnull, *form, f"{url}/upload"], check=True)
        seconds = time.perf_counter() - started
    return Upload("POST /upload", seconds, growth)


def resumable_upload(url: str, source: Path, gateway: psutil.Process, piece_bytes: int = 32 << 20) -> Upload:
    """In pieces under `/v1/uploads`, as the pages do, sent by the tus project's client."""
    with watched(gateway) as growth, source.open("rb") as file:
        started = time.perf_counter()
        uploader = TusClient(f"{url}/v1/uploads").uploader(file_stream=file, chunk_size=piece_bytes)
        uploader.upload()
        seconds = time.perf_counter() - started
    httpx.delete(str(uploader.url), headers={"Tus-Resumable": "1.0.0"}, trust_env=False, timeout=60).raise_for_status()
    return Upload(f"tus, pieces of {piece_bytes >> 20} MiB", seconds, growth)


@contextmanager
def watched(process: psutil.Process) -> Iterator[Growth]:
    """Follow the resident memory of a process."""
    growth, stop = Growth(process.memory_info().rss), threading.Event()

    def follow() -> None:
        while not stop.wait(SAMPLE_S):
            growth.peak = max(growth.peak, process.memory_info().rss)

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield growth
    finally:
        stop.set()
        thread.join()


def _send(path: Path, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection, path.open("rb") as file:
        while block := file.read(BLOCK):
            connection.sendall(block)


if __name__ == "__main__":
    _send(Path(sys.argv[1]), int(sys.argv[2]))
