"""Gaze alone counts against nobody: whatever is found of it, verdicts and proposals are those of a steady gaze."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from orchestrator.evidence import AnswerEvidence, Turn, VisionEvent
from orchestrator.fusion.blocks.session import SessionResult
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.result import session_result
from orchestrator.fusion.verdict import SAFE
from orchestrator.policies.policy import Policy
from servicekit.wire import Span
from tests.support import evidence as made

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WEIGHED = made.POLICIES["original"].model_copy(
    update={"weights": made.POLICIES["original"].weights.model_copy(update={"integrity": 1.0})}
)
"""A policy under which a verdict costs points."""
POLICIES = [*made.POLICIES.values(), WEIGHED]


def looks(kind: str, count: int, seconds: float) -> tuple[VisionEvent, ...]:
    return tuple(made.event(kind, 20.0 * i, 20.0 * i + seconds, strength=60.0, direction="left") for i in range(count))


GAZES = [
    looks("looking_away", away, away_s) + looks("reading", read, read_s)
    for away, away_s, read, read_s in itertools.product((0, 1, 4, 12), (2.0, 19.0), (0, 1, 12), (5.0, 19.0))
    if away or read
]


def published(answers: list[AnswerEvidence], policy: Policy) -> SessionResult:
    return session_result(made.session(*answers, policy=policy), None, NOW)


def answers(events: tuple[VisionEvent, ...], which: tuple[bool, ...]) -> list[AnswerEvidence]:
    vision = made.vision(duration_s=240.0)
    gazing = replace(vision, events=events)
    speaking = made.audio(Turn(Span(0.0, 240.0), 0))
    rated = made.evaluation(95.0)
    return [
        made.answer(index=i, position_id=i + 1, evaluation=rated, audio=speaking, vision=gazing if away else vision)
        for i, away in enumerate(which)
    ]


def test_there_is_gaze_that_a_person_should_look_at() -> None:
    severities = {f.severity for gaze in GAZES for f in findings(answers(gaze, (True,))[0])}
    kinds = {f.type for gaze in GAZES for f in findings(answers(gaze, (True,))[0])}
    assert severities == {"info", "review"}
    assert kinds == {"looking_away", "reading"}


@pytest.mark.parametrize("policy", POLICIES, ids=[*made.POLICIES, "weighed"])
@pytest.mark.parametrize("which", [(True,), (True, False), (True, True, True)], ids=["alone", "one of two", "all"])
def test_gaze_alone_raises_no_verdict_and_proposes_nothing(policy: Policy, which: tuple[bool, ...]) -> None:
    steady = published(answers((), which), policy)
    assert steady.decision_proposal.outcome == "pass"
    for gaze in GAZES:
        found = published(answers(gaze, which), policy)
        assert {a.result.cheating_detection.final_verdict for a in found.content} == {SAFE}
        assert found.aggregate_cheating_detection == steady.aggregate_cheating_detection
        assert found.decision_proposal == steady.decision_proposal


def test_gaze_makes_a_verdict_of_others_no_worse() -> None:
    face = made.event("second_face", 3.0, 3.8, strength=2.0)
    steady = published(answers((face,), (True,)), made.POLICIES["original"])
    found = published(answers((face, *looks("looking_away", 12, 19.0)), (True,)), made.POLICIES["original"])
    assert found.aggregate_cheating_detection == steady.aggregate_cheating_detection
