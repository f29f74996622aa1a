"""From scores and verdicts to a proposal, by a policy. Every figure carries the terms that it was made of.

A proposal is not a decision: only a person's review is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from orchestrator.fusion.blocks.figures import Verdict
from orchestrator.fusion.blocks.proposal import (
    AnswerScore,
    AnswerTerm,
    DecisionProposal,
    Outcome,
    PolicyText,
    ProposalName,
    Term,
)
from orchestrator.fusion.blocks.session import Answer, AnswerResult
from orchestrator.fusion.interval import Interval, answer_interval, session_interval
from orchestrator.fusion.rounding import mean, rounded
from orchestrator.policies.policy import Policy
from servicekit.scores.rounding import final

OUTCOMES: tuple[Outcome, ...] = ("fail", "consider", "pass")
"""From the worst to the best."""
NAMES: dict[Outcome, ProposalName] = {
    "pass": "Lulus",
    "consider": "Pertimbangan",
    "fail": "Tidak Lulus",
    "insufficient": "insufficient",
}
"""The original's words: passed, to be considered, not passed."""

_SOURCES = {
    "answer": "penilaian.total",
    "transcript_confidence": "transkripsi_calibrated_confidence or transkripsi_word_confidence",
    "integrity": "cheating_detection.final_verdict",
    "non_verbal": "non_verbal_confidence_score",
}


def answer_score(result: AnswerResult, policy: Policy) -> AnswerScore:
    """The score of one answer, 0 to 100, with its terms; null without a scored answer.

    score = sum of weight * value / sum of weight, over what was measured and has a weight. `low` to `high` is its
    interval: the judge's, shrunk to the share that the answer has of the score.
    """
    values = _values(result, policy)
    weights = policy.weights.model_dump()
    used = {name: value for name, value in values.items() if value is not None and weights[name]}
    total = math.fsum(weights[name] for name in used)
    terms = tuple(
        AnswerTerm(
            name=name,
            value=rounded(value, 2),
            weight=weights[name],
            points=rounded(weights[name] * value / total, 2),
            from_=_SOURCES[name],
        )
        for name, value in used.items()
    )
    if values["answer"] is None or not used:
        return AnswerScore(None, None, None, terms)
    score = math.fsum(weights[name] * value for name, value in used.items()) / total
    interval = answer_interval(result.penilaian, score, weights["answer"] / total)
    low, high = (interval.low, interval.high) if interval else (None, None)
    return AnswerScore(rounded(score, 2), low, high, terms)


def proposal(
    content: Sequence[Answer], verdict: Verdict, project_score: float | None, policy: Policy
) -> DecisionProposal:
    """The block `decision_proposal` of a session whose answers carry `answer_score`.

    The total is rounded here and nowhere else: what the policy decides by is what everybody reads.
    """
    answers = [answer.result.answer_score for answer in content]
    scores = [answer.score for answer in answers]
    interview = _final(mean(scores, 4))
    terms = _terms(content, interview, project_score, policy)
    total = _final(rounded(math.fsum(t.points or 0.0 for t in terms), 4)) if terms else None
    interval = None if total is None else session_interval(answers, total, _interview_share(project_score, policy))
    outcome, reasons = _outcome(scores, total, interval, verdict, policy)
    return DecisionProposal(
        proposal=NAMES[outcome],
        outcome=outcome,
        total=total,
        total_low=final(interval.low) if interval else None,
        total_high=final(interval.high) if interval else None,
        rating=None if total is None else _rating(total, policy),
        interview_score=interview,
        project_score=project_score,
        terms=tuple(terms),
        reasons=tuple(reasons),
        policy=PolicyText(policy.name, policy.description, policy.sha256),
        human_decision_required=True,
    )


def _final(value: float | None) -> float | None:
    return None if value is None else final(value)


def _values(result: AnswerResult, policy: Policy) -> dict[str, float | None]:
    sure, verdict = result.transkripsi_calibrated_confidence, result.cheating_detection.final_verdict
    return {
        "answer": result.penilaian.total,
        "transcript_confidence": result.transkripsi_word_confidence if sure is None else sure,
        "integrity": None if verdict == "No Data" else policy.integrity_points[verdict],
        "non_verbal": result.non_verbal_confidence_score,
    }


def _terms(content: Sequence[Answer], interview: float | None, project: float | None, policy: Policy) -> list[Term]:
    """What the total is made of: each scored answer, and the project."""
    if interview is None:
        return []
    share = _interview_share(project, policy)
    scored = [(answer.id, score) for answer in content if (score := answer.result.answer_score.score) is not None]
    terms = [_term(f"answer {number}", score, share / len(scored)) for number, score in scored]
    return terms if project is None else [*terms, _term("project", project, policy.project_weight)]


def _term(name: str, value: float, weight: float) -> Term:
    return Term(name, value, rounded(weight, 4), rounded(weight * value, 4))


def _interview_share(project: float | None, policy: Policy) -> float:
    return 1.0 if project is None else 1 - policy.project_weight


def _rating(total: float, policy: Policy) -> int:
    """1 to 5."""
    return 5 - sum(total < limit for limit in policy.rating_limits)


def _wanted(total: float, policy: Policy) -> Outcome:
    """What a total proposes by itself."""
    rating = _rating(total, policy)
    return "pass" if rating >= policy.pass_rating else "consider" if rating >= policy.consider_rating else "fail"


def _outcome(
    scores: Sequence[float | None], total: float | None, interval: Interval | None, verdict: Verdict, policy: Policy
) -> tuple[Outcome, list[str]]:
    scored = sum(score is not None for score in scores)
    if total is None or scored < policy.least_scored_ratio * len(scores):
        return "insufficient", [
            f"{scored} of {len(scores)} answers could be scored; that is too few to propose anything."
        ]
    wanted = _wanted(total, policy)
    reasons = [f"A total of {total:g} is a rating of {_rating(total, policy)} of 5, which proposes “{wanted}”."]
    if interval is not None and policy.interval == "widen" and (limits := _limits_within(interval, policy)):
        reasons.append(_doubt(total, interval, limits, wanted))
        wanted = "consider"
    if scored < len(scores):
        reasons.append(f"{len(scores) - scored} of {len(scores)} answers could not be scored and do not count.")
    cap = policy.caps[verdict]
    if OUTCOMES.index(cap) < OUTCOMES.index(wanted):
        reasons.append(f"The signs of help ({verdict}) allow “{cap}” at most until a person has looked at them.")
        return cap, reasons
    return wanted, reasons


def _limits_within(interval: Interval, policy: Policy) -> dict[Outcome, float]:
    """Outcomes that begin above the interval's lower end and not above its upper end, with their limits."""
    least: dict[Outcome, int] = {"pass": policy.pass_rating, "consider": policy.consider_rating}
    limits = {name: policy.rating_limits[5 - rating] for name, rating in least.items() if rating > 1}
    if limits.get("consider") == limits.get("pass"):
        limits.pop("consider", None)  # nothing lies between
    return {name: limit for name, limit in limits.items() if interval.low < limit <= interval.high}


def _doubt(total: float, interval: Interval, limits: dict[Outcome, float], wanted: Outcome) -> str:
    begins = " and ".join(f"{name} begins at {limit:g}" for name, limit in limits.items())
    change = "" if wanted == "consider" else " “Consider” is proposed, so that a person looks closely."
    low, high = final(interval.low), final(interval.high)
    return f"The total of {total:g} may be anything from {low:g} to {high:g}; {begins}.{change}"
