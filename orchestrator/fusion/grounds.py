"""What the figures of an answer rest on: findings, words, ratings, turns and looks, each with its time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orchestrator.evidence import AnswerEvidence, Rating
from orchestrator.fusion.blocks.evidence import CriterionRating, Evidence, FlaggedWords, Signals
from orchestrator.fusion.blocks.moments import Look, SpokenFiller, SpokenShare, SpokenTurn, Stretch
from orchestrator.fusion.findings.finding import Finding
from orchestrator.fusion.fluency import fillers
from orchestrator.fusion.rounding import rounded, times
from orchestrator.fusion.transcript import quote_span, transcript_evidence
from servicekit.wire import Span


def evidence(answer: AnswerEvidence, found: Iterable[Finding]) -> Evidence:
    """The block `evidence` of one answer."""
    events = answer.vision.events if answer.vision else ()
    audio, heard = answer.audio, answer.transcript
    return Evidence(
        findings=shown(found),
        transcript=transcript_evidence(heard),
        ratings=_ratings(answer),
        answer_flags=_flags(answer),
        translation_mismatches=answer.translation.mismatches if answer.translation else (),
        turns=tuple(SpokenTurn(*times(t.span), t.speaker) for t in audio.turns) if audio else (),
        speakers=tuple(SpokenShare(s.speaker, rounded(s.share, 3)) for s in audio.speakers) if audio else (),
        overlaps=tuple(Stretch(*times(o)) for o in audio.overlaps) if audio else (),
        pauses=tuple(Stretch(*times(p)) for p in audio.pauses) if audio else (),
        fillers=tuple(SpokenFiller(*times(f.span), f.text) for f in fillers(heard)) if heard else (),
        blinks=tuple(Stretch(*times(e.span)) for e in events if e.type == "blink"),
        looking_away=tuple(Look(*times(e.span), e.direction) for e in events if e.type == "looking_away"),
        timeline=answer.timeline or None,
        signals=_signals(answer),
    )


def shown(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as they stand in a result: times to the hundredth of a second."""
    return tuple(replace(f, start_s=round(f.start_s, 2), end_s=round(f.end_s, 2)) for f in found)


def _signals(answer: AnswerEvidence) -> Signals | None:
    found = answer.page
    if found is None or not (found.measured or found.not_measured):
        return None
    return Signals(found.measured, found.not_measured)


def _ratings(answer: AnswerEvidence) -> tuple[CriterionRating, ...]:
    """Each criterion with what carried it. Of an answer without a score only quotes are left, their figures null."""
    found = answer.evaluation
    if found is None:
        return ()
    ratings = tuple(_rating(answer, rating) for rating in found.ratings)
    if found.scored:
        return ratings
    return tuple(
        replace(rating, score=None, confidence=None, low=None, high=None, influence=None)
        for rating in ratings
        if rating.quote
    )


def _rating(answer: AnswerEvidence, rating: Rating) -> CriterionRating:
    span = quote_span(answer.transcript, rating.quote)
    start_s, end_s = _quoted(span)
    return CriterionRating(
        criterion=rating.criterion,
        score=rounded(rating.score, 1),
        confidence=rounded(rating.confidence, 3),
        low=rounded(rating.low, 1),
        high=rounded(rating.high, 1),
        quote=rating.quote if span else "",
        influence=rounded(rating.influence, 1) if span else None,  # of a quote that is not shown it says nothing
        start_s=start_s,
        end_s=end_s,
    )


def _flags(answer: AnswerEvidence) -> tuple[FlaggedWords, ...]:
    flags = answer.evaluation.flags if answer.evaluation else ()
    return tuple(FlaggedWords(f.type, f.quote, *_quoted(quote_span(answer.transcript, f.quote))) for f in flags)


def _quoted(span: Span | None) -> tuple[float, float] | tuple[None, None]:
    return times(span) if span else (None, None)
