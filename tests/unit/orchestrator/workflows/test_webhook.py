"""Webhooks: what is sent, to whom, and what the answer means."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from interview_client.webhooks import verify_webhook
from orchestrator.activities.notification import NotificationActivities
from orchestrator.sessions.states import SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import WorkerSettings
from orchestrator.translations.store import stage_of
from orchestrator.webhooks import delivery
from orchestrator.webhooks.delivery import Webhooks, signature
from tests.support.receiver import Receiver, receiving
from tests.support.rest import closed_port
from tests.unit.orchestrator.sessions.test_store import row

SECRET = "webhook secret"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


class OneSession:
    """A store of one ended session."""

    def __init__(self, webhook_url: str) -> None:
        self.row = row()
        self.row.webhook_url, self.row.state = webhook_url, SessionState.COMPLETED
        stage_of(self.row.answers[0], "transcribe").state = StageState.COMPLETED
        self.row.candidate_name = "Siti Rahma"

    async def get(self, session_id: str) -> Any:
        return self.row if session_id == self.row.id else None


async def notified(url: str, session_id: str = row().id, allow_private: bool = True) -> None:
    settings = WorkerSettings.model_validate({"webhook_secret": SECRET, "allow_private_urls": allow_private})
    store: SessionStore = OneSession(url)  # type: ignore[assignment]
    await ActivityEnvironment().run(NotificationActivities(store, Webhooks(settings)).notify, session_id)


async def test_the_caller_s_system_is_told_and_can_check_it(receiver: Receiver) -> None:
    await notified(receiver.url)
    [(header, body)] = receiver.received
    verify_webhook(SECRET, header, body)
    told = json.loads(body)
    assert (told["event"], told["session_id"], told["state"]) == ("session.completed", row().id, "completed")
    assert told["translating"] == 1
    assert b"Siti" not in body
    for wrong in ((SECRET + "x", header, body), (SECRET, header, body + b" "), (SECRET, "", body)):
        with pytest.raises(ValueError, match="signature"):
            verify_webhook(*wrong)
    with pytest.raises(ValueError, match="old"):
        verify_webhook(SECRET, signature([SECRET], body, int(time.time()) - 600), body)


@pytest.mark.parametrize(("code", "final"), [(500, False), (429, False), (404, True), (302, True)])
async def test_what_an_answer_means(receiver: Receiver, code: int, final: bool) -> None:
    receiver.codes = [code]
    with pytest.raises(ApplicationError) as caught:
        await notified(receiver.url)
    assert caught.value.non_retryable is final
    assert len(receiver.received) == 1


async def test_nobody_to_tell(receiver: Receiver) -> None:
    await notified("")
    await notified(receiver.url, session_id="gone")
    assert receiver.received == []


async def test_internal_addresses_are_refused_and_silence_is_tried_again(receiver: Receiver) -> None:
    with pytest.raises(ApplicationError) as caught:
        await notified(receiver.url, allow_private=False)
    assert (caught.value.type, caught.value.non_retryable, receiver.received) == ("URL_FORBIDDEN", True, [])
    with closed_port() as port, pytest.raises(ApplicationError) as caught:
        await notified(f"http://127.0.0.1:{port}/")
    assert caught.value.non_retryable is False


class Talker:
    """A server that answers every request with what `answer` gives, for as long as the other side listens."""

    def __init__(self, answer: Callable[[], Iterator[bytes]]) -> None:
        self.sent_bytes, self._answer = 0, answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/hook"
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    async def end(self) -> None:
        """Nobody else calls: on a busy machine a caller can give up before it is there."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        await asyncio.to_thread(self.thread.join)

    def _serve(self) -> None:
        with self._listener, suppress(OSError):
            connection, _ = self._listener.accept()
            with connection:
                connection.recv(65536)
                for piece in self._answer():
                    connection.sendall(piece)
                    self.sent_bytes += len(piece)


def packed_zeros() -> Iterator[bytes]:
    """Sixty-four megabytes in sixty-four kilobytes."""
    yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    packer = zlib.compressobj(wbits=31)
    for _ in range(64):
        yield packer.compress(bytes(1 << 20))


def without_end() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    for _ in range(64):
        yield bytes(1 << 20)


@pytest.mark.parametrize("answer", [packed_zeros, without_end])
async def test_what_a_server_answers_is_neither_read_nor_unpacked(
    answer: Callable[[], Iterator[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[httpx.Response] = []

    async def aread(response: httpx.Response) -> bytes:
        read.append(response)
        return b""

    monkeypatch.setattr(httpx.Response, "aread", aread)
    talker = Talker(answer)
    await notified(talker.url)
    await talker.end()
    assert read == []
    assert talker.sent_bytes < 64 << 20


async def test_a_head_that_drips_in_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "WHOLE_TIMEOUT_S", 0.5)

    def dripping() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        for number in range(1200):
            time.sleep(0.05)
            yield f"X-{number}: 1\r\n".encode()

    talker = Talker(dripping)
    with pytest.raises(ApplicationError) as caught:
        await notified(talker.url)
    assert (caught.value.type, caught.value.non_retryable) == ("UPSTREAM_DOWN", False)
    await talker.end()
