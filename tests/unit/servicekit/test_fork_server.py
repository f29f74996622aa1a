"""Decoders come from one process, and end with their recording, their caller and it. Nobody waits for ever."""

from __future__ import annotations

import os
import signal
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
from servicekit.recording.decoders import ForkServer
from servicekit.recording.limits import DEFAULT
from tests.support import media
from tests.support.decoders import FREE, doing, failure, gone, said, server_of
from tests.support.recordings import Pictures, every, write
from tests.support.waiting import wait_until

BRIEF = replace(DEFAULT, silent_s=0.4)
"""Silent for less than half a second."""


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good recording."""
    return media.write_tone(tmp_path_factory.mktemp("decoders") / "tone.wav", 1.0)


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
    monkeypatch.setattr("servicekit.recording.decoders.sys.executable", "/not/here")
    monkeypatch.setattr(process, "FORKS", ForkServer())
    with pytest.raises(ServiceError) as caught:
        probe(tone)
    assert caught.value.retryable
