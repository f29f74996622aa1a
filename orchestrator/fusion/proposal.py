"""From scores and verdicts to a proposal, by a policy. Every figure carries the terms that it was made of.

A proposal is not a decision: only a person's review is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from orchestrator.fusion.interval import Interval, answer_interval, session_interval
from orchestrator.fusion.rounding import mean, rounded
from orchestrator.policies.policy import Policy

OUTCOMES = ("fail", "consider", "pass")
"""From the worst to the best."""
NAMES = {"pass": "Lulus", "consider": "Pertimbangan", "fail": "Tidak Lulus", "insufficient": "insufficient"}
"""The original's words: passed, to be considered, not passed."""

_SOURCES = {
    "answer": "penilaian.total",
    "transcript_confidence": "transkripsi_calibrated_confidence or transkripsi_word_confidence",
    "integrity": "cheating_detection.final_verdict",
    "non_verbal": "non_verbal_confidence_score",
}


def answer_score(result: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """The score of one answer, 0 to 100, with its terms; null without a scored answer.

    score = sum of weight * value / sum of weight, over what was measured and has a weight. `low` to `high` is its
    interval: the judge's, shrunk to the share that the answer has of the score.
    """
    values = _values(result, policy)
    weights = policy.weights.model_dump()
    used = {name: value for name, value in values.items() if value is not None and weights[name]}
    total = math.fsum(weights[name] for name in used)
    terms = [
        {
            "name": name,
            "value": rounded(value, 2),
            "weight": weights[name],
            "points": rounded(weights[name] * value / total, 2),
            "from": _SOURCES[name],
        }
        for name, value in used.items()
    ]
    score = math.fsum(weights[name] * value for name, value in used.items()) / total if used else None
    if score is None or values["answer"] is None:
        return {"score": None, "low": None, "high": None, "terms": terms}
    share = weights["answer"] / total
    return {"score": rounded(score, 2), **answer_interval(result["penilaian"], score, share), "terms": terms}


def proposal(
    content: Sequence[dict[str, Any]], verdict: str, project_score: float | None, policy: Policy
) -> dict[str, Any]:
    """The block `decision_proposal` of a session whose answers carry `answer_score`."""
    answers = [item["result"]["answer_score"] for item in content]
    scores = [answer["score"] for answer in answers]
    interview = mean(scores, 2)
    terms = _terms(content, interview, project_score, policy)
    total = rounded(math.fsum(t["points"] for t in terms), 2) if terms else None
    rating = None if total is None else _rating(total, policy)
    interval = None if total is None else session_interval(answers, total, _interview_share(project_score, policy))
    outcome, reasons = _outcome(scores, total, interval, verdict, policy)
    return {
        "proposal": NAMES[outcome],
        "outcome": outcome,
        "total": total,
        "total_low": interval.low if interval else None,
        "total_high": interval.high if interval else None,
        "rating": rating,
        "interview_score": interview,
        "project_score": project_score,
        "terms": terms,
        "reasons": reasons,
        "policy": {"name": policy.name, "description": policy.description, "sha256": policy.sha256},
        "human_decision_required": True,
    }


def _values(result: dict[str, Any], policy: Policy) -> dict[str, float | None]:
    sure = result["transkripsi_calibrated_confidence"]
    return {
        "answer": result["penilaian"]["total"],
        "transcript_confidence": result["transkripsi_word_confidence"] if sure is None else sure,
        "integrity": policy.integrity_points.get(result["cheating_detection"]["final_verdict"]),
        "non_verbal": result["non_verbal_confidence_score"],
    }


def _terms(
    content: Sequence[dict[str, Any]], interview: float | None, project: float | None, policy: Policy
) -> list[dict[str, Any]]:
    """What the total is made of: each scored answer, and the project."""
    if interview is None:
        return []
    share = _interview_share(project, policy)
    scored = [item for item in content if item["result"]["answer_score"]["score"] is not None]
    terms = [
        _term(f"answer {item['id']}", item["result"]["answer_score"]["score"], share / len(scored)) for item in scored
    ]
    return terms if project is None else [*terms, _term("project", project, policy.project_weight)]


def _term(name: str, value: float, weight: float) -> dict[str, Any]:
    return {"name": name, "value": value, "weight": rounded(weight, 4), "points": rounded(weight * value, 4)}


def _interview_share(project: float | None, policy: Policy) -> float:
    return 1.0 if project is None else 1 - policy.project_weight


def _rating(total: float, policy: Policy) -> int:
    """1 to 5."""
    return 5 - sum(total < limit for limit in policy.rating_limits)


def _wanted(total: float, policy: Policy) -> str:
    """What a total proposes by itself."""
    rating = _rating(total, policy)
    return "pass" if rating >= policy.pass_rating else "consider" if rating >= policy.consider_rating else "fail"


def _outcome(
    scores: Sequence[float | None], total: float | None, interval: Interval | None, verdict: str, policy: Policy
) -> tuple[str, list[str]]:
    scored = sum(score is not None for score in scores)
    if total is None or scored < policy.least_scored_ratio * len(scores):
        return "insufficient", [
            f"{scored} of {len(scores)} answers could be scored; that is too few to propose anything."
        ]
    wanted = _wanted(total, policy)
    reasons = [f"A total of {total:g} is a rating of {_rating(total, policy)} of 5, which proposes {NAMES[wanted]}."]
    if interval is not None and policy.interval == "widen" and (limits := _limits_within(interval, policy)):
        reasons.append(_doubt(total, interval, limits, wanted))
        wanted = "consider"
    if scored < len(scores):
        reasons.append(f"{len(scores) - scored} of {len(scores)} answers could not be scored and do not count.")
    cap = policy.caps[verdict]  # type: ignore[index]
    if OUTCOMES.index(cap) < OUTCOMES.index(wanted):
        reasons.append(f"The signs of help ({verdict}) allow {NAMES[cap]} at most until a person has looked at them.")
        return cap, reasons
    return wanted, reasons


def _limits_within(interval: Interval, policy: Policy) -> dict[str, float]:
    """Outcomes that begin above the interval's lower end and not above its upper end, with their limits."""
    least = {"pass": policy.pass_rating, "consider": policy.consider_rating}
    limits = {name: policy.rating_limits[5 - rating] for name, rating in least.items() if rating > 1}
    if limits.get("consider") == limits.get("pass"):
        limits.pop("consider", None)  # nothing lies between
    return {name: limit for name, limit in limits.items() if interval.low < limit <= interval.high}


def _doubt(total: float, interval: Interval, limits: dict[str, float], wanted: str) -> str:
    begins = " and ".join(f"{name} begins at {limit:g}" for name, limit in limits.items())
    change = "" if wanted == "consider" else f" {NAMES['consider']} is proposed, so that a person looks closely."
    low, high = round(interval.low, 1), round(interval.high, 1)
    return f"The total of {total:g} may be anything from {low:g} to {high:g}; {begins}.{change}"
