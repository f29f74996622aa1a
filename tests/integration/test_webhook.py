"""A webhook from upload to delivery, through the system's own processes. A file that is no video ends at once, so
no model service is needed and none is started."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from interview_client import InterviewClient, NewAnswer
from interview_client.webhooks import verify_webhook
from local.ports import Ports
from local.system import ROOT, LocalSystem, gateway_ready
from tests.integration.sessions import wait
from tests.support.receiver import Receiver, receiving
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow
SECRET = "a secret of this test"


@contextmanager
def processes(state: Path, secret: str) -> Iterator[str]:
    """Workflow engine, orchestrator, worker and gateway, which may call internal addresses; gives the gateway's URL."""
    ports = Ports.free()
    settings = {"INTERVIEW_WEBHOOK_SECRET": secret, "WORKER_ALLOW_PRIVATE_URLS": "true"}
    system = LocalSystem(state, ports, settings)
    engine = ("temporal", "server", "start-dev", "--ip", "127.0.0.1", "--port", str(ports.temporal), "--headless")
    modules = ("orchestrator", "orchestrator.worker", "gateway")
    subprocess.run([sys.executable, "-m", "orchestrator.migrate"], env=system.environment, cwd=ROOT, check=True)
    with ExitStack() as started:
        for command in (engine, *((sys.executable, "-m", module) for module in modules)):
            started.enter_context(_process(command, system.environment, state))
        wait_until(lambda: gateway_ready(system.url))
        yield system.url


@contextmanager
def _process(command: tuple[str, ...], environment: dict[str, str], logs: Path) -> Iterator[None]:
    name = command[-1] if command[0] == sys.executable else command[0]
    with (logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def no_video(folder: Path) -> list[NewAnswer]:
    (folder / "text.mp4").write_text("this is no video\n" * 200)
    return [NewAnswer(folder / "text.mp4", "Why?")]


def test_the_callers_system_is_told_until_it_listens_and_can_check_who_tells(
    tmp_path: Path, receiver: Receiver
) -> None:
    receiver.codes = [503, 204]
    with processes(tmp_path, SECRET) as url, InterviewClient(url) as client:
        session_id = client.submit("Siti Rahma", no_video(tmp_path), "id", webhook_url=receiver.url)
        assert wait(client, session_id)["status"] == "error"
        received = receiver.wait(2)
    for signature, body in received:
        verify_webhook(SECRET, signature, body)
        with pytest.raises(ValueError, match="signature"):
            verify_webhook("another secret", signature, body)
        told = json.loads(body)
        assert (told["event"], told["session_id"], told["state"]) == ("session.failed", session_id, "failed")
        assert b"Siti" not in body
    assert len(received) == 2
