"""Decoders that do something else than decode: what their tests say."""

from __future__ import annotations

import textwrap
from pathlib import Path
from unittest import mock

import psutil

from servicekit.errors import ServiceError
from servicekit.recording import process
from servicekit.recording.decoders import ForkServer
from servicekit.recording.limits import DEFAULT, Limits
from servicekit.recording.process import DecodingProcess

_PROGRAM = """
import json, os, resource, signal, socket, sys, threading, time
from servicekit.recording import child, fork_server

def answer(text):
    child.send({"reason": "MEDIA_UNREADABLE", "why": str(text)})

def work(task, limits):
    exec(task["name"], globals() | {"task": task})

child.read = work
"""
JAILED = _PROGRAM + "fork_server.serve(child.run)"
"""Does what a test says once it has given everything up."""
FREE = _PROGRAM + "fork_server.serve(lambda: work(json.loads(sys.stdin.readline()), None))"
"""Does what a test says at once."""


def doing(forks: ForkServer, recording: Path, body: str, limits: Limits = DEFAULT) -> DecodingProcess:
    """A decoder of this server that does `body`, which may say `answer(...)`."""
    with mock.patch.object(process, "FORKS", forks):
        return DecodingProcess(recording, textwrap.dedent(body), limits)


def failure(reading: DecodingProcess) -> ServiceError:
    """Why a recording is not read."""
    try:
        for message in reading.messages():
            assert message.header == {}
    except ServiceError as error:
        return error
    finally:
        reading.close()
    raise AssertionError("It is read.")


def said(reading: DecodingProcess) -> str:
    """What a decoder answers."""
    found = failure(reading)
    assert found.reason == "MEDIA_UNREADABLE"
    assert not found.retryable
    return found.message.split(": ", 1)[1].rpartition(". Record")[0]


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
