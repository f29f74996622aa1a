"""A gateway that wants people to sign in, beside the system's own: keys made on the command line open it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from interview_client import InterviewClient
from interview_client.errors import InterviewError
from local.ports import Ports
from local.system import ROOT, LocalSystem
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.model]


@pytest.fixture(scope="module")
def guarded(system: LocalSystem) -> Iterator[str]:
    """The address of a second gateway, with sign-in."""
    port = Ports.free().gateway
    environment = system.environment | {"GATEWAY_PORT": str(port), "GATEWAY_SIGN_IN": "true"}
    process = subprocess.Popen([sys.executable, "-m", "gateway"], env=environment, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: _ready(url) or process.poll() is not None)
    yield url
    process.terminate()
    process.wait()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def command(system: LocalSystem, *words: str) -> str:
    target = f"127.0.0.1:{system.ports.orchestrator}"
    arguments = [sys.executable, "-m", "interview_client", "keys", *words, "--orchestrator", target]
    done = subprocess.run(arguments, env=system.environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_only_a_key_opens_it_and_only_until_it_is_revoked(system: LocalSystem, guarded: str) -> None:
    with InterviewClient(guarded) as nobody, pytest.raises(InterviewError, match="Sign in"):
        nobody.sessions()
    secret = command(system, "create", "Rina", "--scope", "read")
    with InterviewClient(guarded, api_key=secret) as reader:
        reader.sessions()
        with pytest.raises(InterviewError, match="scope admin"):
            reader.delete("0" * 32)
    assert "Rina" in command(system, "list")
    with pytest.raises(subprocess.CalledProcessError):
        command(system, "revoke", "0" * 16)
