"""The judge's block `penilaian` of one answer, and the session's `llm_results`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestrator.evidence import AnswerEvidence, Evaluation, SessionEvidence, Summary
from orchestrator.fusion.rounding import mean, percent, rounded

ORIGINAL_KEYS = {"quality": "kualitas_jawaban", "relevance": "relevansi", "coherence": "koherensi"}
LEAST_WORDS = 5
"""Answers of fewer words are not scored; the judge refuses them."""


def penilaian(answer: AnswerEvidence) -> dict[str, Any]:
    """The ratings 1 to 100 with the analysis; null with a reason where the answer was not scored."""
    found = answer.evaluation
    if found is None:
        keys = ("confidence_score", *ORIGINAL_KEYS.values(), "analisis_llm", "total")
        unscored = dict.fromkeys(keys) | _logprobs(None)
        return unscored | {"not_scored_reason": not_scored_reason(answer)}
    scores = {r.criterion: round(r.score) for r in found.ratings}
    return {
        "confidence_score": percent(found.confidence),
        **{key: scores.get(criterion) for criterion, key in ORIGINAL_KEYS.items()},
        "analisis_llm": found.analysis,
        "total": round(found.total),
        **_logprobs(found),
        "not_scored_reason": "",
    }


def not_scored_reason(answer: AnswerEvidence) -> str:
    """Why an answer has no score, for people."""
    for name in ("transcribe", "evaluate"):
        stage = answer.stages.get(name)
        if stage is not None and stage.state == "failed":
            return stage.error_message
    if answer.transcript is not None and answer.transcript.quality == "insufficient":
        return answer.transcript.quality_reason
    if answer.transcript is not None and len(answer.transcript.text.split()) < LEAST_WORDS:
        count = len(answer.transcript.text.split())
        return f"The answer has {count} words; with under {LEAST_WORDS} there is nothing to score."
    return answer.error_message or "There is no transcript."


def llm_results(session: SessionEvidence, summary: Summary | None) -> dict[str, Any]:
    """The block `llm_results`. Without a project score the interview stands alone."""
    rated = [a.evaluation for a in session.answers if a.evaluation is not None]
    average = mean([e.total for e in rated], 0)
    confidence = mean([percent(e.confidence) for e in rated], 0)
    return {
        "kesimpulan_llm": summary.text if summary else None,
        "rata_rata_confidence_score": None if confidence is None else int(confidence),
        "avg_total_llm": None if average is None else int(average),
        "final_score_llm": _final(average, session),
        "avg_logprobs_confidence": mean([percent(e.logprobs_probability) for e in rated], 2),
        "summary_logprobs_confidence": percent(summary.confidence) if summary else None,
        "reused_single_analysis": len(rated) == 1,
        "project_score": session.project_score,
    }


def judges(answers: Sequence[AnswerEvidence]) -> str | None:
    """Names of the models that judged, each once."""
    names = [a.evaluation.attribution.model.name for a in answers if a.evaluation is not None]
    return ", ".join(dict.fromkeys(names)) or None


def _final(average: float | None, session: SessionEvidence) -> float | None:
    if average is None or session.project_score is None:
        return average
    weight = session.policy.project_weight
    return rounded(weight * session.project_score + (1 - weight) * average, 2)


def _logprobs(found: Evaluation | None) -> dict[str, Any]:
    probability = found.logprobs_probability if found else None
    return {
        "logprobs_confidence": percent(probability),
        "logprobs_probability": probability,
        "logprobs_available": found.logprobs_available if found else False,
    }
