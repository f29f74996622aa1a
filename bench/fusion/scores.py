"""Findings against the truth, type by type, and verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.fusion.measuring import Outcome
from bench.fusion.scenes import SECONDS
from servicekit.wire import Span

SLACK_S = 0.5
ALLOWED = {
    "speech_with_still_lips": {"camera_frozen"},
    "camera_frozen": {"speech_with_still_lips"},
    "camera_black": {"face_absent", "speech_with_still_lips"},
    "camera_looped": {"speech_with_still_lips"},
    "camera_photograph": {"speech_with_still_lips", "camera_frozen"},
    "face_absent": {"camera_frozen"},
    "second_face": set(),
    "looking_away": {"speech_with_still_lips"},
    "second_voice": {"speech_with_still_lips"},
}
"""What may be reported beside a true finding because it is true as well: nobody is seen in a black picture, and nothing
moves in an empty one, lips that repeat or are printed do not follow the voice, and the candidate's are still while
another voice speaks."""


@dataclass(slots=True)
class TypeScore:
    """One type of finding: true moments and those found; findings to review and those that are true."""

    moments: int = 0
    found: int = 0
    sessions: int = 0
    sessions_found: int = 0
    reported: int = 0
    right: int = 0


@dataclass(slots=True)
class Scores:
    """Over all sessions."""

    types: dict[str, TypeScore] = field(default_factory=lambda: defaultdict(TypeScore))
    verdicts: int = 0
    right_verdicts: int = 0
    original_right: int = 0
    honest_minutes: float = 0.0
    false_review: int = 0
    false_serious: int = 0
    wrong: list[str] = field(default_factory=list)


def scored(outcomes: Iterable[Outcome]) -> Scores:
    """Count."""
    scores = Scores()
    for outcome in outcomes:
        _add(scores, outcome)
    return scores


def _add(scores: Scores, outcome: Outcome) -> None:
    scene = outcome.scene
    blocks = [item["result"] for item in outcome.result["content"]]
    for answer, block in zip(scene.answers, blocks, strict=True):
        found = [f for f in block["evidence"]["findings"] if f["severity"] != "info"]
        for kind, spans in answer.truth.items():
            of_kind = [Span(f["start_s"], f["end_s"]) for f in found if f["type"] == kind]
            hits = sum(any(_touch(span, seen) for seen in of_kind) for span in spans)
            score = scores.types[kind]
            score.moments += len(spans)
            score.found += hits
            score.sessions += 1
            score.sessions_found += hits > 0
        for f in found:
            _count(scores, scene.name, f, answer.truth)
    if not scene.types:
        scores.honest_minutes += len(scene.answers) * SECONDS / 60
    _verdict(scores, outcome, blocks)


def _count(scores: Scores, name: str, finding: dict[str, object], truth: dict[str, list[Span]]) -> None:
    kind = str(finding["type"])
    seen = Span(float(str(finding["start_s"])), float(str(finding["end_s"])))
    right = any(_touch(span, seen) for span in truth.get(kind, []))
    if not right and any(kind in ALLOWED.get(true, set()) for true in truth):
        return
    scores.types[kind].reported += 1
    scores.types[kind].right += right
    if not right:
        scores.wrong.append(f"{name}: {kind} {seen.start_s:.1f}-{seen.end_s:.1f} {finding['severity']}")
    if not truth:
        scores.false_review += finding["severity"] == "review"
        scores.false_serious += finding["severity"] == "serious"


def _verdict(scores: Scores, outcome: Outcome, blocks: list[dict[str, object]]) -> None:
    """Right: Safe for a session that is honest or has gaze alone, anything else for one with something to look at."""
    honest = outcome.scene.types <= {"looking_away"}
    final = outcome.result["aggregate_cheating_detection"]["final_aggregate_verdict"]
    original = {block["cheating_detection"]["original_rule_verdict"] for block in blocks}  # type: ignore[index]
    scores.verdicts += 1
    scores.right_verdicts += (final == "Safe") == honest
    scores.original_right += (original == {"Safe"}) == honest
    if (final == "Safe") != honest:
        scores.wrong.append(f"{outcome.scene.name}: verdict {final}")


def _touch(truth: Span, seen: Span) -> bool:
    return seen.start_s < truth.end_s + SLACK_S and seen.end_s > truth.start_s - SLACK_S
