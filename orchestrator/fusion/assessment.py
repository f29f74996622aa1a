"""The judge's block `penilaian` of one answer, and the session's `llm_results`."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.evidence import AnswerEvidence, Evaluation, SessionEvidence, Summary
from orchestrator.fusion.blocks.assessment import LlmResults, Penilaian
from orchestrator.fusion.rounding import mean, percent
from servicekit.scores.rounding import whole
from servicekit.words import LEAST_SCORED_WORDS, words

_NO_MODEL = {
    "en": "No language model answered, and the number of words says nothing about what was said.",
    "id": "Tidak ada model bahasa yang menjawab, dan jumlah kata tidak menyatakan apa pun tentang isi jawaban.",
}


def penilaian(answer: AnswerEvidence) -> Penilaian:
    """The ratings 1 to 100 with the analysis; null with a reason where the answer was not scored."""
    found = answer.evaluation
    scored = found if found is not None and found.scored else None
    said = None if found is None or found.counts_words else found  # words are counted for figures that are not shown
    scores = {r.criterion: whole(r.score) for r in scored.ratings} if scored else {}
    low, high = _interval(scored)
    return Penilaian(
        confidence_score=percent(scored.confidence) if scored else None,
        kualitas_jawaban=scores.get("quality"),
        relevansi=scores.get("relevance"),
        koherensi=scores.get("coherence"),
        total=whole(scored.total) if scored else None,
        total_low=low,
        total_high=high,
        analisis_llm=said.analysis or None if said else None,
        follow_up_question=said.follow_up_question if said else "",
        missing=said.missing if said else (),
        gap=said.gap if said else "",
        logprobs_confidence=percent(scored.logprobs_probability) if scored else None,
        logprobs_probability=scored.logprobs_probability if scored else None,
        logprobs_available=scored.logprobs_available if scored else False,
        not_scored_reason="" if scored else not_scored_reason(answer),
        rate_by_hand=scored is None and _readable(answer),
    )


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


def llm_results(session: SessionEvidence, summary: Summary | None, final_score: float | None) -> LlmResults:
    """The block `llm_results`; `final_score` is the proposal's total, so that a session has one and no other."""
    rated = [a.evaluation for a in session.answers if a.evaluation is not None and a.evaluation.scored]
    average = mean([e.total for e in rated], 4)
    confidence = mean([percent(e.confidence) for e in rated], 0)
    return LlmResults(
        kesimpulan_llm=summary.text if summary else None,
        rata_rata_confidence_score=None if confidence is None else int(confidence),
        avg_total_llm=None if average is None else whole(average),
        final_score_llm=final_score,
        avg_logprobs_confidence=mean([percent(e.logprobs_probability) for e in rated], 2),
        summary_logprobs_confidence=percent(summary.confidence) if summary else None,
        reused_single_analysis=len(rated) == 1,
        project_score=session.project_score,
    )


def judges(answers: Sequence[AnswerEvidence]) -> str | None:
    """Names of the models that judged, each once."""
    names = [a.evaluation.attribution.model.name for a in answers if a.evaluation is not None]
    return ", ".join(dict.fromkeys(names)) or None


def _readable(answer: AnswerEvidence) -> bool:
    """Whether there are words that a person could rate: of silence and of a lost recording there are none."""
    return answer.transcript is not None and bool(answer.transcript.text)


def _interval(found: Evaluation | None) -> tuple[int, int] | tuple[None, None]:
    """Whole points as the total is: rounding keeps it within."""
    if found is None or found.total_low is None or found.total_high is None:
        return None, None
    return whole(found.total_low), whole(found.total_high)
