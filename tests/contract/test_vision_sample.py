"""The real vision model on the sample interview, against the sample's own ground truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servicekit.wire import Span
from services.vision.model import EventKind, VisionEvent, VisionResult
from tests.support.vision import analyzer

SAMPLE = Path(__file__).parents[2] / "sample"
FILES = ("answer_en.mp4", "answer_id.webm")


@dataclass(frozen=True)
class Watched:
    truth: dict[str, Any]
    events: list[VisionEvent]
    summary: VisionResult

    def spans(self, kind: EventKind) -> list[Span]:
        return [event.span for event in self.events if event.kind is kind]

    def true_spans(self, key: str) -> list[Span]:
        return [Span(item["start_s"], item["end_s"]) for item in self.truth[key]]


@pytest.fixture(scope="module", params=FILES)
def watched(request: pytest.FixtureRequest) -> Watched:
    answers = json.loads((SAMPLE / "interview.json").read_text())["answers"]
    truth = next(answer for answer in answers if Path(answer["file"]).name == request.param)
    model = analyzer()
    outputs = list(model.analyze(SAMPLE / request.param))
    model.close()
    events = [output for output in outputs if isinstance(output, VisionEvent)]
    assert isinstance(outputs[-1], VisionResult)
    return Watched(truth, events, outputs[-1])


def shared_s(a: Span, b: Span) -> float:
    return max(0.0, min(a.end_s, b.end_s) - max(a.start_s, b.start_s))


@pytest.mark.model
class TestSample:
    def test_the_face_is_seen(self, watched: Watched) -> None:
        assert watched.summary.face_present_ratio > 0.95
        assert watched.summary.multiple_faces_ratio == 0
        assert watched.summary.frame_rate_hz == pytest.approx(watched.truth["frame_rate"], rel=0.1)

    def test_blinks(self, watched: Watched) -> None:
        truth, found = watched.true_spans("blinks"), watched.spans(EventKind.BLINK)
        hits = sum(any(shared_s(blink, seen) > 0 for seen in found) for blink in truth)
        right = sum(any(shared_s(blink, seen) > 0 for blink in truth) for seen in found)
        assert hits >= 0.8 * len(truth)
        assert right >= 0.8 * len(found)

    def test_looks_away(self, watched: Watched) -> None:
        truth, found = watched.true_spans("look_away"), watched.spans(EventKind.LOOKING_AWAY)
        assert len(found) == len(truth)
        for away, seen in zip(truth, found, strict=True):
            assert shared_s(away, seen) > 0.5 * away.duration_s

    def test_nothing_else_happens(self, watched: Watched) -> None:
        assert {event.kind for event in watched.events} <= {EventKind.BLINK, EventKind.LOOKING_AWAY}
