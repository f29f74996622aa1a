from __future__ import annotations

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from interview_client import InterviewClient
from interview_client.models import Status
from interview_client.news import Milestones, News
from tests.support.rest import Json, completed, running, stage, video

FINDING = {
    "type": "looking_away", "severity": "info", "start_s": 13.0, "end_s": 15.0, "explanation": "To the left.",
}  # fmt: skip
KNOWN: Json = {
    "transcript": {"text": "One\u0007 day we lost it.", "language": "en", "quality": "good"},
    "evaluation": {"total": 71, "ratings": {"quality": 70, "relevance": 72}},
    "findings": [FINDING],
}


class Server:
    """Answers for the gateway: `known` of every answer, or an error."""

    def __init__(self) -> None:
        self.known: Json | None = KNOWN
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.known is None:
            return httpx.Response(503, json={"error": {"message": "Away."}})
        return httpx.Response(200, content=json.dumps({"index": 0, "so_far": self.known}))


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def news(server: Server) -> Iterator[News]:
    with InterviewClient("http://gateway") as client:
        client._http = httpx.Client(base_url="http://gateway", transport=httpx.MockTransport(server))
        yield News(client, "s", Milestones())


def status(*ended: str) -> Status:
    stages = [stage(name, "completed", 1.0) for name in ended]
    return Status.model_validate(running(video(0, "running", *stages), video(1, "pending")))


def told(news: News, *ended: str) -> list[str]:
    return [line.plain for line in news.of(status(*ended))]


def test_each_part_is_told_once_when_its_stage_has_ended(news: News, server: Server) -> None:
    assert told(news) == []
    assert server.asked == []
    assert told(news, "transcribe") == ["Answer 1: “One day we lost it.”"]
    assert told(news, "transcribe") == []
    assert told(news, "transcribe", "evaluate") == ["Answer 1: score 71 of 100 (quality 70, relevance 72)"]
    assert told(news, "transcribe", "evaluate", "fuse") == ["Answer 1: 00:13–00:15 looking away (info): To the left."]
    assert server.asked == ["/v1/sessions/s/answers/0"] * 3


def test_no_findings_are_said_too(news: News, server: Server) -> None:
    server.known = KNOWN | {"findings": []}
    assert told(news, "fuse") == ["Answer 1: no findings"]


def test_what_could_not_be_read_is_asked_for_again(news: News, server: Server) -> None:
    server.known = None
    assert told(news, "transcribe") == []
    server.known = {"transcript": None}
    assert told(news, "transcribe") == []
    server.known = KNOWN
    assert told(news, "transcribe") == ["Answer 1: “One day we lost it.”"]


def test_at_the_end_the_result_tells_everything(news: News, server: Server) -> None:
    last = Status.model_validate(completed(video(0, "completed", stage("transcribe", "completed", 1.0))))
    assert news.of(last) == []
    assert server.asked == []


def test_milestones_stand_in_the_order_of_time() -> None:
    milestones = Milestones(time.time() - 60, "`make demo`")
    for name in ("set-up", "scores", "findings", "scores"):
        milestones.reach(name)
    milestones.reach("set-up", first=True)
    beginning, _, reached = milestones.line().partition(": ")
    assert beginning == "Seconds since `make demo`"
    assert [part.split()[0] for part in reached.split(" · ")] == ["set-up", "findings", "scores"]
    assert all(float(part.split()[1]) >= 60 for part in reached.split(" · "))


def test_what_came_with_the_result_counts_from_then(server: Server) -> None:
    milestones = Milestones()
    with InterviewClient("http://gateway") as client:
        News(client, "s", milestones).end(status("transcribe", "evaluate"))
    assert milestones.line().count("·") == 1
    assert "first words" in milestones.line()
    assert "scores" in milestones.line()
