"""The judge's block `penilaian` of one answer, and the session's `llm_results`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestrator.evidence import AnswerEvidence, Evaluation, SessionEvidence, Summary
from orchestrator.fusion.rounding import mean, percent, rounded
from servicekit.words import LEAST_SCORED_WORDS, words

ORIGINAL_KEYS = {"quality": "kualitas_jawaban", "relevance": "relevansi", "coherence": "koherensi"}
_NO_MODEL = {
    "en": "No language model answered, and the number of words says nothing about what was said.",
    "id": "Tidak ada model bahasa yang menjawab, dan jumlah kata tidak menyatakan apa pun tentang isi jawaban.",
}


def penilaian(answer: AnswerEvidence) -> dict[str, Any]:
    """The ratings 1 to 100 with the analysis; null with a reason where the answer was not scored."""
    found = answer.evaluation
    if found is None or not found.scored:
        keys = ("confidence_score", *ORIGINAL_KEYS.values(), "total", "total_low", "total_high")
        reason = {"not_scored_reason": not_scored_reason(answer), "rate_by_hand": _readable(answer)}
        return dict.fromkeys(keys) | _remarks(found) | _logprobs(None) | reason
    scores = {r.criterion: round(r.score) for r in found.ratings}
    return {
        "confidence_score": percent(found.confidence),
        **{key: scores.get(criterion) for criterion, key in ORIGINAL_KEYS.items()},
        "total": round(found.total),
        **_interval(found),
        **_remarks(found),
        **_logprobs(found),
        "not_scored_reason": "",
        "rate_by_hand": False,
    }


def not_scored_reason(answer: AnswerEvidence) -> str:
    """Why an answer has no score, for people."""
    for name in ("transcribe", "evaluate"):
        stage = answer.stages.get(name)
        if stage is not None and stage.state == "failed":
            return stage.error_message
    if answer.evaluation is not None and answer.evaluation.unscored is not None:
        return answer.evaluation.unscored.explanation
    if answer.evaluation is not None and answer.evaluation.counts_words:
        return _NO_MODEL[answer.language]
    if answer.transcript is not None and answer.transcript.quality == "insufficient":
        return answer.transcript.quality_reason
    if answer.transcript is not None and (count := len(words(answer.transcript.text))) < LEAST_SCORED_WORDS:
        return f"The answer has {count} words; with under {LEAST_SCORED_WORDS} there is nothing to score."
    return answer.error_message or "There is no transcript."


def llm_results(session: SessionEvidence, summary: Summary | None) -> dict[str, Any]:
    """The block `llm_results`. Without a project score the interview stands alone."""
    rated = [a.evaluation for a in session.answers if a.evaluation is not None and a.evaluation.scored]
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


def _readable(answer: AnswerEvidence) -> bool:
    """Whether there are words that a person could rate: of silence and of a lost recording there are none."""
    return answer.transcript is not None and bool(answer.transcript.text)


def _interval(found: Evaluation) -> dict[str, Any]:
    """Whole points as the total is: rounding keeps it within."""
    if found.total_low is None or found.total_high is None:
        return {"total_low": None, "total_high": None}
    return {"total_low": round(found.total_low), "total_high": round(found.total_high)}


def _remarks(found: Evaluation | None) -> dict[str, Any]:
    """What the judge says beside the figures. What is said of counted words is about figures that are not shown."""
    if found is None or found.counts_words:
        return {"analisis_llm": None, "follow_up_question": "", "missing": []}
    return {
        "analisis_llm": found.analysis or None,
        "follow_up_question": found.follow_up_question,
        "missing": list(found.missing),
    }


def _logprobs(found: Evaluation | None) -> dict[str, Any]:
    probability = found.logprobs_probability if found else None
    return {
        "logprobs_confidence": percent(probability),
        "logprobs_probability": probability,
        "logprobs_available": found.logprobs_available if found else False,
    }
