"""Whoever decodes has nothing and can do nothing else."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from servicekit.recording.decoders import ForkServer
from servicekit.recording.limits import DEFAULT
from tests.support import media
from tests.support.decoders import JAILED, doing, said, server_of

BRIEF = replace(DEFAULT, silent_s=0.4)
"""Silent for less than half a second."""
SECRET = "known to the caller alone"


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good recording."""
    return media.write_tone(tmp_path_factory.mktemp("decoders") / "tone.wav", 1.0)


@pytest.fixture(scope="module")
def jailed(tone: Path) -> Iterator[ForkServer]:
    """A server whose decoders do what tests say after they have given everything up; its caller has secrets."""
    with pytest.MonkeyPatch.context() as environment, tone.open() as own, socket.create_server(("127.0.0.1", 0)):
        environment.setenv("INTERVIEW_S3_SECRET_ACCESS_KEY", SECRET)
        os.set_inheritable(own.fileno(), True)
        forks = ForkServer(JAILED)
        said(doing(forks, tone, "answer('')"))
        yield forks
        forks.close()


def test_the_server_has_one_thread_and_nothing_of_its_caller(jailed: ForkServer) -> None:
    server = server_of(jailed)
    assert server.num_threads() == 1
    assert server.open_files() == []
    assert server.net_connections() == []
    assert set(server.environ()) == {"PYTHONPATH", "OPENBLAS_NUM_THREADS"}
    assert SECRET not in " ".join(server.cmdline())


def test_a_decoder_has_no_environment(tone: Path, jailed: ForkServer) -> None:
    allowed = {"PYTHONPATH", "OPENBLAS_NUM_THREADS", "LC_CTYPE"}  # Python itself sets the last
    assert set(said(doing(jailed, tone, "answer(' '.join(os.environ))")).split()) <= allowed


def test_a_decoder_has_its_recording_input_output_and_no_other_descriptor(tone: Path, jailed: ForkServer) -> None:
    body = """
    found = {}
    for file in range(2000):
        try:
            found[file] = os.fstat(file)
        except OSError:
            continue
    kinds = {file: {0o100: 'file', 0o010: 'pipe', 0o020: 'device'}[it.st_mode >> 9] for file, it in found.items()}
    answer((kinds, found[3].st_ino))
    """
    with closing(doing(jailed, tone, "time.sleep(600)")) as other:
        other._pid(60.0)
        kinds = {0: "pipe", 1: "pipe", 2: "device", 3: "file"}
        assert said(doing(jailed, tone, body)) == str((kinds, tone.stat().st_ino))


ATTEMPTS = {
    "open a file": "open('/etc/hostname')",
    "write a file": "open('/tmp/never-written', 'w')",
    "open its recording for writing": "open('/proc/self/fd/3', 'wb')",
    "write into its recording": "os.write(3, b'x')",
    "use the network": "socket.create_connection(('127.0.0.1', {port}), 1)",
    "talk to other processes": "socket.socket(socket.AF_UNIX)",
    "start a program": "os.execv('/bin/true', ['true'])",
    "start a process": "os.fork() or os._exit(0)",
    "end its server": "os.kill(os.getppid(), 0)",
    "raise its limits": "resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_decoder_can_do_nothing_else(tone: Path, jailed: ForkServer, attempt: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        body = f"""
        try:
            {ATTEMPTS[attempt].format(port=server.getsockname()[1])}
            answer("done")
        except (OSError, ValueError) as error:
            answer(f"refused {{task['filtered']}}")
        """
        assert said(doing(jailed, tone, body)) == "refused True"


def test_a_decoder_may_have_threads(tone: Path, jailed: ForkServer) -> None:
    body = "thread = threading.Thread(target=answer, args=('thread',)); thread.start(); thread.join()"
    assert said(doing(jailed, tone, body)) == "thread"


def test_limits_are_in_force(tone: Path, jailed: ForkServer) -> None:
    with closing(doing(jailed, tone, "child.send({}); time.sleep(600)")) as reading:
        next(reading.messages())
        decoder = psutil.Process(reading._pid(60.0))
        memory = DEFAULT.memory_mb << 20
        assert decoder.rlimit(psutil.RLIMIT_AS) == (memory, memory)
        assert decoder.rlimit(psutil.RLIMIT_CPU) == (DEFAULT.cpu_s, DEFAULT.cpu_s + 5)
        assert decoder.rlimit(psutil.RLIMIT_NOFILE) == (24, 24)
        assert decoder.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
        assert decoder.rlimit(psutil.RLIMIT_CORE) == (0, 0)


def test_processor_time_has_a_limit(tone: Path, jailed: ForkServer) -> None:
    limits = replace(DEFAULT, cpu_s=1)
    assert said(doing(jailed, tone, "while True: pass", limits)) == "decoding it takes more than 1 s of processor time"


def test_memory_has_a_limit(tone: Path, jailed: ForkServer) -> None:
    assert "memory" in said(doing(jailed, tone, "bytearray(1 << 40)"))


def test_work_without_a_word_has_a_limit(tone: Path, jailed: ForkServer) -> None:
    assert "could be decoded in" in said(doing(jailed, tone, "while True: pass", BRIEF))


def test_time_is_limited_whatever_the_caller_ignores(tone: Path) -> None:
    ignored = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGPROF, signal.SIGXCPU)}
    signal.pthread_sigmask(signal.SIG_BLOCK, ignored)
    forks = ForkServer(JAILED)
    try:
        assert "could be decoded in" in said(doing(forks, tone, "while True: pass", BRIEF))
    finally:
        forks.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ignored)
        for number, handler in ignored.items():
            signal.signal(number, handler)


def test_each_word_gives_time_anew(tone: Path, jailed: ForkServer) -> None:
    body = """
    for part in range(1, 5):
        while time.process_time() < part * 0.3: pass
        child.send({})
    answer("done")
    """
    assert said(doing(jailed, tone, body, BRIEF)) == "done"


def test_a_decoder_that_waits_for_itself_is_the_files_failure(tone: Path, jailed: ForkServer) -> None:
    body = "lock = threading.Lock(); lock.acquire(); lock.acquire()"
    assert "stood still" in said(doing(jailed, tone, body, BRIEF))
