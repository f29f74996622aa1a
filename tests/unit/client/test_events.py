from __future__ import annotations

import pytest

from interview_client.errors import InterviewError
from interview_client.events import StatusEvents, Watch
from interview_client.models import Status

STREAM = (
    ': heartbeat\r\n\r\nevent: session\r\nretry: 2000\r\ndata: {"status":"processing",\r\ndata: "message":"a\u2028b"}'
    '\r\n\r\nevent: other\r\ndata: x\r\n\r\ndata:{"status":"completed"}\n\n'
).encode()
MESSAGES = [("processing", "a\u2028b"), ("completed", "")]


@pytest.mark.parametrize("size", [1, 2, 7, len(STREAM)])
def test_events_survive_any_split(size: int) -> None:
    events = StatusEvents()
    chunks = [STREAM[i : i + size] for i in range(0, len(STREAM), size)]
    found = [status for chunk in chunks for status in events.feed(chunk)]
    assert [(status.status, status.message) for status in found] == MESSAGES
    assert events.ended


def test_unfinished_event_is_not_told() -> None:
    assert list(StatusEvents().feed(STREAM[: STREAM.index(b"event: other") - 2])) == []


def test_event_that_is_no_status_is_an_error() -> None:
    with pytest.raises(InterviewError, match="could not be read"):
        list(StatusEvents().feed(b"data: nonsense\n\n"))


def test_only_changes_are_news() -> None:
    watch = Watch(patience_s=1)
    told = [watch.is_news(Status(status="processing", message=text)) for text in ("a", "a", "b")]
    assert told == [True, False, True]
    assert not watch.ended
    assert watch.is_news(Status(status="error"))
    assert watch.ended


def test_patience_is_for_what_may_pass_after_a_first_answer() -> None:
    away, wrong = InterviewError("away"), InterviewError("no such session", 404)
    watch = Watch(patience_s=60)
    with pytest.raises(InterviewError, match="away"):
        watch.bear(away)
    watch.is_news(Status(status="processing"))
    watch.bear(away)
    watch.bear(InterviewError("restarting", 503))
    with pytest.raises(InterviewError, match="no such session"):
        watch.bear(wrong)
    impatient = Watch(patience_s=0)
    impatient.is_news(Status(status="processing"))
    with pytest.raises(InterviewError, match="away"):
        impatient.bear(away)
