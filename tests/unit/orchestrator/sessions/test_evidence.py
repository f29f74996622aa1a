from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from orchestrator.evidence import (
    AnswerEvidence,
    Dropped,
    Evaluation,
    Screening,
    StageReport,
    Timeline,
    Transcript,
    Unscored,
    from_json,
    to_json,
)
from servicekit.wire import Span
from tests.support import evidence as made

EVERY = [
    made.transcript(),
    made.transcript(segments=(), confidence=None, dropped=(Dropped(Span(0, 2.5), "no_speech"),)),
    made.vision(made.event("blink", 1.0, 1.2), made.event("looking_away", 3.0, 5.5, direction="left")),
    made.vision(blink_rate_per_minute=None, screening=Screening(0, 0.0, None, None, None)),
    made.audio(),
    made.audio(speech=(), speakers=(), silhouette=0.3, response_latency_s=None),
    made.evaluation(),
    replace(made.evaluation(), unscored=Unscored("unsure", "Both ways."), missing=("a figure",), total_low=64.0),
    made.summary(),
    made.answer(),
    made.answer(transcript=None, error_reason="MEDIA_UNREADABLE", stages={"fetch": StageReport("failed")}),
    made.session(made.answer(), made.answer(index=1), project_score=0.0),
    Timeline(
        [0.0, 0.1], [1, 0], [1.5, None], [0.0, None], [0.0, None], [0.0, None], [0.0, None], [0.3, None], [0, None]
    ),
]


@pytest.mark.parametrize("value", EVERY, ids=lambda value: type(value).__name__)
def test_evidence_comes_back_as_it_was(value: object) -> None:
    assert from_json(type(value), to_json(value)) == value


def test_ratings_that_were_stored_without_intervals_can_still_be_read() -> None:
    stored = json.loads(to_json(made.evaluation()))
    for name in ("unscored", "total_low", "total_high", "follow_up_question", "missing"):
        del stored[name]
    for name in ("head_sha256", "data_sha256"):
        del stored["attribution"][name]
    for rating in stored["ratings"]:
        del rating["low"], rating["high"], rating["influence"]
    found = from_json(Evaluation, json.dumps(stored).encode())
    assert (found.total, found.scored, found.total_low, found.missing) == (73.0, True, None, ())


@given(st.text(max_size=50))
def test_every_text_comes_back(text: str) -> None:
    segment = replace(made.transcript().segments[0], text=text)
    found = from_json(Transcript, to_json(made.transcript(segments=(segment,))))
    assert found.segments[0].text == text


def test_the_text_joins_segments_and_leaves_out_empty_ones() -> None:
    segment = made.transcript().segments[0]
    segments = tuple(replace(segment, text=text) for text in (" One. ", "  ", "Two.", ""))
    assert made.transcript(segments=segments).text == "One. Two."


def test_what_is_missing_or_of_another_kind_is_refused() -> None:
    with pytest.raises(ValidationError):
        from_json(AnswerEvidence, b"{}")
    with pytest.raises(ValidationError):
        from_json(Evaluation, to_json(made.transcript()))


def test_a_number_that_is_none_never_reaches_the_file() -> None:
    assert b"NaN" not in to_json(made.vision(gaze_stability=math.nan))
