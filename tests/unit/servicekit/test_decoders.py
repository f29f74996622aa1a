"""Whoever decodes can do nothing else, and its end is its recording's alone."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from servicekit.decoding import PictureReader, probe
from servicekit.errors import ServiceError
from servicekit.recording import process
from servicekit.recording.limits import DEFAULT
from servicekit.recording.starting import ForkServer
from tests.support import media
from tests.support.decoders import FREE, JAILED, doing, failure, said
from tests.support.recordings import Pictures, every, write
from tests.support.waiting import wait_until

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


@pytest.fixture(scope="module")
def free() -> Iterator[ForkServer]:
    """A server whose decoders do what tests say at once."""
    forks = ForkServer(FREE)
    yield forks
    forks.close()


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[ForkServer]:
    """A server for one test, which decodes."""
    found = ForkServer()
    monkeypatch.setattr(process, "FORKS", found)
    yield found
    found.close()


def server_of(forks: ForkServer) -> psutil.Process:
    """The process that forks."""
    assert forks._server is not None
    return psutil.Process(forks._server.pid)


def gone(number: int | None) -> bool:
    """Whether a process has ended; the first process of a container may leave it unburied."""
    assert number
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize(
    "end", ["os.kill(os.getpid(), 11)", "sys.exit(3)", "os.write(1, b'x' * 100)", "raise KeyError"]
)
def test_a_crash_is_the_files_failure(tone: Path, free: ForkServer, end: str) -> None:
    assert said(doing(free, tone, end)) in ("it makes the decoder fail", "the decoder answers nonsense")


def test_a_crash_costs_no_other_recording_and_changes_the_layout_of_memory(tone: Path, free: ForkServer) -> None:
    with closing(doing(free, tone, "time.sleep(600)")) as first:
        number, server = first._pid(60.0), server_of(free)
        assert said(doing(free, tone, "os.abort()")) == "it makes the decoder fail"
        assert not gone(number)  # who was decoding goes on
        assert said(doing(free, tone, "answer('another')")) == "another"
        assert server_of(free) != server
    wait_until(lambda: gone(server.pid))


def test_a_process_that_somebody_else_ended_is_tried_again(tone: Path, free: ForkServer) -> None:
    assert failure(doing(free, tone, "os.kill(os.getpid(), 9)")).retryable


def test_one_server_forks_for_all_threads_and_is_replaced_when_it_dies(tone: Path, fresh: ForkServer) -> None:
    threads = [threading.Thread(target=probe, args=(tone,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server = server_of(fresh)
    assert probe(tone).has_audio
    assert server_of(fresh) == server
    server.kill()
    wait_until(lambda: gone(server.pid))
    assert probe(tone).has_audio
    assert server_of(fresh) != server


def test_decoders_die_with_their_server_and_are_tried_again(tone: Path, free: ForkServer) -> None:
    reading = doing(free, tone, "time.sleep(600)")
    number = reading._pid(60.0)
    server_of(free).kill()
    assert failure(reading).retryable
    wait_until(lambda: gone(number))


def test_a_server_that_stands_still_is_replaced(tone: Path, free: ForkServer) -> None:
    said(doing(free, tone, "answer('')"))
    server = server_of(free)
    server.suspend()
    assert failure(doing(free, tone, "answer('')", BRIEF)).retryable
    assert said(doing(free, tone, "answer('another')")) == "another"
    assert gone(server.pid)


def test_the_server_ends_with_whoever_started_it(tone: Path, free: ForkServer) -> None:
    with closing(doing(free, tone, "time.sleep(600)")) as reading:
        number, server = reading._pid(60.0), server_of(free)
        assert free._control is not None
        free._control.close()  # the end of a process closes this, and the line
    wait_until(lambda: gone(number))
    wait_until(lambda: gone(server.pid))
    free.retire(free._server)  # type: ignore[arg-type]


def test_the_server_has_one_thread_and_nothing_of_its_caller(jailed: ForkServer) -> None:
    server = server_of(jailed)
    assert server.num_threads() == 1
    assert server.open_files() == []
    assert server.net_connections() == []
    assert set(server.environ()) == {"PYTHONPATH", "OPENBLAS_NUM_THREADS"}
    assert SECRET not in " ".join(server.cmdline())


def test_a_decoder_has_no_environment(tone: Path, jailed: ForkServer) -> None:
    found = said(
        doing(jailed, tone, "answer([*os.environ, SECRET in os.environ.values()])".replace("SECRET", repr(SECRET)))
    )
    assert "INTERVIEW" not in found
    assert found.endswith("False]")


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


def test_a_machine_that_stands_still_is_no_fault_of_the_file(tone: Path, free: ForkServer) -> None:
    with closing(doing(free, tone, "os.kill(os.getpid(), signal.SIGSTOP); answer('went on')", BRIEF)) as reading:
        number = reading._pid(60.0)
        assert number
        wait_until(lambda: psutil.Process(number).status() == psutil.STATUS_STOPPED)
        threading.Timer(2.5 * BRIEF.silent_s, os.kill, (number, signal.SIGCONT)).start()
        assert said(reading) == "went on"
    assert failure(doing(free, tone, "os.kill(os.getpid(), signal.SIGSTOP)", BRIEF)).retryable


def test_an_end_that_does_not_come_is_not_waited_for(
    tone: Path, free: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a decoder that only closed its output nor a process that holds its output open keeps anybody waiting."""
    monkeypatch.setattr(process, "ENDING_S", 0.2)
    reading = doing(free, tone, "os.close(1); time.sleep(600)")
    number = reading._pid(60.0)
    assert failure(reading).retryable
    wait_until(lambda: gone(number))
    reading = doing(free, tone, "other = os.fork(); child.send({'other': other} if other else {}); time.sleep(600)")
    messages, number = reading.messages(), reading._pid(60.0)
    other = max(next(messages).header.get("other", 0) for _ in range(2))
    reading.close()
    wait_until(lambda: gone(number))
    os.kill(other, signal.SIGKILL)


def test_a_reader_that_is_left_leaves_no_process(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", Pictures(every(4)))
    with closing(PictureReader(path)) as reader:
        next(reader.pictures())
        number = reader._process._pid(60.0)
        assert not gone(number)
    wait_until(lambda: gone(number))


def test_a_decoder_that_cannot_be_started_is_tried_again(tone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicekit.recording.starting.sys.executable", "/not/here")
    monkeypatch.setattr(process, "FORKS", ForkServer())
    with pytest.raises(ServiceError) as caught:
        probe(tone)
    assert caught.value.retryable
