"""What holds for the whole session, in the original's keys and texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from orchestrator.fusion.blocks.figures import Performance, RiskLevel, Verdict
from orchestrator.fusion.blocks.integrity import AggregateCheating, Indicator, QuestionWithIssues
from orchestrator.fusion.blocks.nonverbal import AggregateNonVerbal, NonVerbalAnalysis
from orchestrator.fusion.blocks.session import Answer
from orchestrator.fusion.rounding import mean
from orchestrator.fusion.verdict import HIGH, MEDIUM, NO_DATA, SAFE

RISK_LEVELS: dict[Verdict, RiskLevel] = {HIGH: "Critical", MEDIUM: "Warning", SAFE: "Clear", NO_DATA: "Unknown"}
STATUSES: tuple[tuple[float, Performance], ...] = (
    (80, "EXCELLENT"),
    (70, "GOOD"),
    (60, "AVERAGE"),
    (50, "BELOW AVERAGE"),
)


def aggregate_cheating(content: Sequence[Answer]) -> AggregateCheating:
    """The block `aggregate_cheating_detection` from the answers' blocks."""
    blocks = [answer.result.cheating_detection for answer in content]
    verdicts = [block.final_verdict for block in blocks]
    final = aggregate_verdict(verdicts)
    result = AggregateCheating(
        avg_cheating_score=mean([b.visual.cheating_score for b in blocks], 2),
        avg_visual_confidence=mean([b.visual.confidence.average for b in blocks], 2),
        avg_audio_confidence=mean([b.audio.confidence for b in blocks], 2),
        avg_overall_confidence=mean([b.final_avg_confidence for b in blocks], 2),
        total_suspicious_frames=sum(b.visual.suspicious_frames or 0 for b in blocks),
        avg_silhouette_score=mean([b.audio.silhouette_score for b in blocks], 3),
        verdict_distribution={SAFE: verdicts.count(SAFE), MEDIUM: verdicts.count(MEDIUM), HIGH: verdicts.count(HIGH)},
        final_aggregate_verdict=final,
        risk_level=RISK_LEVELS[final],
        questions_with_issues=tuple(_issue(a) for a, v in zip(content, verdicts, strict=True) if v in (MEDIUM, HIGH)),
        all_indicators=tuple(
            Indicator(a.id, a.question, line) for a in content for line in a.result.cheating_detection.all_indicators
        ),
        summary="",
    )
    return replace(result, summary=_summary(result))


def aggregate_verdict(verdicts: Sequence[Verdict]) -> Verdict:
    """Any High, or more than half Medium or High: High Risk; any Medium: Medium Risk; else Safe; nothing: No Data."""
    known = [v for v in verdicts if v != NO_DATA]
    if not known:
        return NO_DATA
    risky = [v for v in known if v in (MEDIUM, HIGH)]
    if HIGH in risky or len(risky) > len(known) / 2:
        return HIGH
    return MEDIUM if risky else SAFE


def aggregate_nonverbal(content: Sequence[Answer]) -> AggregateNonVerbal:
    """The block `aggregate_non_verbal_analysis` from the answers' blocks."""
    score = mean([answer.result.non_verbal_confidence_score for answer in content], 2)
    return AggregateNonVerbal(
        overall_performance_status=performance_status(score),
        overall_confidence_score=score,
        summary=_nonverbal_summary([answer.result.non_verbal_analysis for answer in content]),
    )


def performance_status(score: float | None) -> Performance | None:
    """The original's word for a non-verbal score."""
    if score is None:
        return None
    return next((name for least, name in STATUSES if score >= least), "NEEDS IMPROVEMENT")


def _issue(answer: Answer) -> QuestionWithIssues:
    block = answer.result.cheating_detection
    return QuestionWithIssues(
        question_id=answer.id,
        question=answer.question,
        verdict=block.final_verdict,
        cheating_score=block.visual.cheating_score,
        visual_confidence=block.visual.confidence.average,
        audio_confidence=block.audio.confidence,
        num_speakers=block.audio.num_speakers,
        indicators=block.all_indicators,
    )


def _summary(result: AggregateCheating) -> str:
    spread = result.verdict_distribution
    total = len(result.questions_with_issues) + spread[SAFE]
    parts = [f"Analyzed {total} question(s) for cheating detection."]
    if result.avg_cheating_score is not None:
        parts.append(f"Average cheating score: {result.avg_cheating_score}%.")
    if result.avg_overall_confidence is not None:
        parts.append(f"Overall confidence: {result.avg_overall_confidence}%.")
    for name, count in ((HIGH, spread[HIGH]), (MEDIUM, spread[MEDIUM])):
        if count:
            parts.append(f"⚠️ {count} question(s) flagged as {name.upper()}.")
    if result.all_indicators:
        parts.append(f"Total of {len(result.all_indicators)} cheating indicator(s) detected.")
    return " ".join(parts)


def _nonverbal_summary(blocks: Sequence[NonVerbalAnalysis]) -> str:
    """One line that existing dashboards read with a regular expression: its shape stays."""

    def average(value: Callable[[NonVerbalAnalysis], float | None]) -> float:
        return mean([value(block) for block in blocks], 4) or 0.0

    ratio = average(lambda b: b.speech_analysis.speaking_ratio)
    pauses = average(lambda b: b.speech_analysis.number_of_pauses)
    rate = average(lambda b: b.speech_analysis.speech_rate_wpm)
    smile = average(lambda b: b.facial_expression_analysis.average_smile_intensity)
    brows = average(lambda b: b.facial_expression_analysis.eyebrow_movement_range)
    contact = average(lambda b: b.eye_movement_analysis.eye_contact_percentage)
    blinks = average(lambda b: b.eye_movement_analysis.blink_rate_per_minute)
    return (
        f"speaking ratio {ratio:.2f} ({_label(ratio, _RATIO)}), pauses {pauses:.1f} ({_label(pauses, _PAUSES)}), "
        f"speech rate {rate:.1f} wpm ({_rate_label(rate)}) "
        f"smile intensity = {smile:.2f} ({_label(smile, _SMILE)}), "
        f"eyebrow movement = {brows:.3f} ({_label(brows, _BROWS)}) "
        f"eye contact = {contact:.2f}% ({_label(contact, _CONTACT)}), "
        f"blink rate = {blinks:.2f} ({_label(blinks, _BLINKS)})"
    )


Labels = tuple[tuple[float, str], ...]
# The original's limits; its words for the smile named emotions, ours name the size of the movement.
_RATIO: Labels = ((0.65, "very active"), (0.5, "fairly active"), (float("-inf"), "least active"))
_PAUSES: Labels = ((40, "frequent pauses"), (25, "normal"), (float("-inf"), "fluent"))
_SMILE: Labels = ((0.25, "pronounced"), (0.12, "moderate"), (float("-inf"), "neutral"))
_BROWS: Labels = ((0.035, "expressive"), (0.018, "natural"), (float("-inf"), "controlled"))
_CONTACT: Labels = ((75, "very good"), (55, "good"), (float("-inf"), "needs improvement"))
_BLINKS: Labels = ((25, "high"), (10, "normal"), (float("-inf"), "low"))


def _label(value: float, labels: Labels) -> str:
    return next(name for limit, name in labels if value > limit)


def _rate_label(rate: float) -> str:
    if 135 <= rate <= 165:
        return "ideal"
    return "fast" if rate > 165 else "slow"
