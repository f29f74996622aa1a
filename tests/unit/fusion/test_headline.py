"""What lists show of a result."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from orchestrator.fusion.published.headline import Headline, headline
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import to_json
from tests.support import evidence as made


def found(*kinds: tuple[str, str]) -> dict[str, object]:
    return {"result": {"evidence": {"findings": [{"type": kind, "severity": severity} for kind, severity in kinds]}}}


def test_of_a_result_as_it_is_published() -> None:
    vision = made.vision(made.event("looking_away", 2.0, 5.0, direction="left"))
    result = session_result(made.session(made.answer(vision=vision)), None, datetime(2026, 1, 1, tzinfo=UTC))
    proposed = result.decision_proposal
    shown = headline(to_json(result))
    assert (shown.outcome, shown.total) == (proposed.outcome, proposed.total)
    assert (shown.total_low, shown.total_high) == (proposed.total_low, proposed.total_high)
    assert proposed.total is not None


def test_findings_are_counted_over_all_answers_and_gaze_is_not() -> None:
    content = [
        found(("second_voice", "serious"), ("looking_away", "review"), ("recording_gap", "info")),
        found(("second_voice", "review"), ("reading", "info"), ("face_absent", "review")),
    ]
    proposal = {"outcome": "consider", "total": 61.5, "total_low": 50.0, "total_high": 70.0}
    shown = headline(json.dumps({"decision_proposal": proposal, "content": content}).encode())
    assert shown == Headline("consider", 61.5, 50.0, 70.0, 1, 2, 1)


def test_an_older_result_has_no_interval_and_what_is_none_is_refused() -> None:
    assert headline(b'{"decision_proposal": {"outcome": "insufficient"}}') == Headline(
        "insufficient", None, None, None, 0, 0, 0
    )
    with pytest.raises(ValidationError):
        headline(b"{}")
