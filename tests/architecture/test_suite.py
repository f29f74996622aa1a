"""The suite comes to an end, and waits for nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from tests.support.http_server import listening

ROOT = Path(__file__).parents[2]
HANGING = """
import ctypes

def test_hangs():
    library = ctypes.PyDLL(None)  # keeps the interpreter's lock, so that no signal is heard
    mutex = ctypes.create_string_buffer(64)
    for _ in range(2):
        library.pthread_mutex_lock(mutex)
"""


def test_what_hangs_inside_a_library_ends_it_and_is_named(tmp_path: Path) -> None:
    hanging = tmp_path / "test_hanging.py"
    hanging.write_text(HANGING)
    options = ["-c", str(ROOT / "pyproject.toml"), "-o", "faulthandler_timeout=1", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-p", "pytest_timeout", "-p", "pytest_asyncio.plugin", str(hanging)],
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode
    assert b"in test_hangs" in done.stderr + done.stdout


def test_servers_of_tests_send_at_once() -> None:
    with listening() as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
