"""`watch` when events are missing or break off, and what a broken connection reads like."""

from __future__ import annotations

import httpx
import pytest

from interview_client import AsyncInterviewClient, InterviewClient, InterviewError
from tests.support.rest import SESSION_ID, Json, ScriptedRest, closed_port, completed, rest_server, running, video

RUNNING, DONE = running(video(0, "running")), completed(video(0, "completed"))


def _watched(script: ScriptedRest) -> list[str]:
    with rest_server(script) as url, InterviewClient(url, poll_interval_s=0.01) as client:
        return [status.status for status in client.watch(SESSION_ID)]


def test_events_are_enough() -> None:
    script = ScriptedRest([500], [RUNNING, RUNNING, DONE])
    assert _watched(script) == ["processing", "completed"]
    assert script.requests == ["events"]


@pytest.mark.parametrize("event_statuses", [None, [], [RUNNING]])
def test_asking_takes_over_without_events(event_statuses: list[Json] | None) -> None:
    script = ScriptedRest([RUNNING, RUNNING, DONE], event_statuses)
    assert _watched(script) == ["processing", "completed"]
    assert script.requests == ["events", "status", "status", "status"]


async def test_asking_takes_over_in_the_async_client() -> None:
    with rest_server(ScriptedRest([RUNNING, 502, DONE])) as url:
        async with AsyncInterviewClient(url, poll_interval_s=0.01) as client:
            assert [status.status async for status in client.watch(SESSION_ID)] == ["processing", "completed"]


def test_short_absence_is_borne_and_a_real_error_is_not() -> None:
    assert _watched(ScriptedRest([RUNNING, 503, DONE])) == ["processing", "completed"]
    with pytest.raises(InterviewError) as caught:
        _watched(ScriptedRest([RUNNING, 500]))
    assert caught.value.status == 500


def test_answer_of_something_else_is_named_by_address_and_code() -> None:
    with (
        rest_server(ScriptedRest([502])) as url,
        InterviewClient(url) as client,
        pytest.raises(InterviewError, match=rf"^{url}/status/{SESSION_ID} answered 502 Bad Gateway\.$"),
    ):
        client.status(SESSION_ID)


def test_answer_that_is_no_status_is_an_error() -> None:
    script = ScriptedRest([{"state": "fine"}])
    with (
        rest_server(script) as url,
        InterviewClient(url) as client,
        pytest.raises(InterviewError, match="status could not be read"),
    ):
        client.status(SESSION_ID)


def test_refused_connection_says_how_to_start_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # must not be asked for loopback
    with closed_port() as port, InterviewClient(f"http://127.0.0.1:{port}") as client:
        with pytest.raises(InterviewError) as caught:
            list(client.watch(SESSION_ID))
        expected = f"Cannot reach http://127.0.0.1:{port}: is the system running? Start it with `make run`."
        assert (caught.value.message, caught.value.status) == (expected, None)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://example.org", "http://a:b", "example"])
def test_address_that_is_none_is_named(url: str) -> None:
    with pytest.raises(InterviewError, match="is not an address like"), InterviewClient(url) as client:
        client.status(SESSION_ID)


def test_key_travels_as_a_bearer_token() -> None:
    script = ScriptedRest([DONE])
    with rest_server(script) as url, InterviewClient(url, api_key="key-1") as client:
        assert client.submit("Siti", [], "en") == SESSION_ID
    assert script.authorization == "Bearer key-1"


def test_silent_server_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    with InterviewClient("http://127.0.0.1:1") as client:
        monkeypatch.setattr(httpx.Client, "send", silent)
        with pytest.raises(InterviewError, match="did not answer in time"):
            client.status(SESSION_ID)
