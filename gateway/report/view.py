"""What a report shows, from a result and its session. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from gateway.published import Answer, AnswerResult, Finding, Result
from gateway.report.drawings import Strip, bar, clock
from gateway.report.texts import Texts
from gateway.sessions.schemas import Session
from servicekit.scores.rounding import half_up, whole, written

MOST_STILLS = 2
"""An answer; the page shows the others."""

UNSURE = 0.5
"""Words under this probability are underlined, as on the page."""

MEASURES = (
    "speaking_time_seconds", "silence_time_seconds", "number_of_pauses", "speech_rate_wpm", "filler_word_count",
    "response_latency_seconds", "total_blinks", "blink_rate_per_minute", "eye_contact_percentage",
    "face_detected_percentage", "average_smile_intensity", "eyebrow_movement_range", "head_movement_intensity",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Files:
    """Artefacts by the name that the result gives them: decoded timelines, and stills as data URIs.

    `unreadable` counts those that are there and could not be read.
    """

    timelines: dict[str, dict[str, Any]]
    stills: dict[str, str]
    unreadable: int = 0


def wanted_files(result: Result) -> tuple[list[str], list[str]]:
    """Names of the timelines and of the stills that a report needs."""
    timelines, stills = [], []
    for answer in result.content:
        evidence = answer.result.evidence
        if evidence.timeline:
            timelines.append(evidence.timeline)
        stills += _shown_stills(evidence.findings)
    return timelines, stills


def view(result: Result, session: Session, files: Files, language: str) -> dict[str, Any]:
    """What the template needs."""
    text = Texts(language)
    return {
        "t": text,
        "language": language,
        "name": result.name,
        "session": session,
        "submitted": moment(session.create_time),
        "kept": moment(session.retention_end_time),
        "proposal": result.decision_proposal,
        "llm": result.llm_results,
        "verdict": result.aggregate_cheating_detection.final_aggregate_verdict,
        "non_verbal": result.aggregate_non_verbal_analysis.overall_confidence_score,
        "answers": [_answer(n, item, files, text) for n, item in enumerate(result.content, start=1)],
        "made": [_made(n, item, text) for n, item in enumerate(result.content, start=1)],
        "unreadable": files.unreadable,
        "number": number,
        "within": within,
        "final": final,
        "bar": lambda value, low, high: Markup(bar(value, low, high)),
        "influence": lambda points: _influence(points, text),
        "clock": clock,
    }


def number(value: object, digits: int = 0) -> str:
    """A figure with so many digits after the point; a dash for none."""
    if not isinstance(value, int | float):
        return "–"
    return f"{half_up(value, digits):.{digits}f}"


def within(value: object, low: object, high: object) -> str:
    """A score with its interval, where that is known: `74 (66–82)`."""
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return number(value)
    return f"{number(value)} ({number(low)}–{number(high)})"


def final(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """A session's total, with its interval where that is known: `79.5 (71–87.5)`."""
    if value is None:
        return "–"
    return written(value) if low is None or high is None else f"{written(value)} ({written(low)}–{written(high)})"


def moment(at: datetime | None) -> str:
    """Date and time in UTC, the same in both languages."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "–"


def _answer(number: int, answer: Answer, files: Files, text: Texts) -> dict[str, Any]:
    result, evidence = answer.result, answer.result.evidence
    length_s = result.metadata.duration_seconds or 0
    strip = Strip(evidence, files.timelines.get(evidence.timeline or ""), length_s, text)
    return {
        "number": number,
        "question": answer.question,
        "result": result,
        "rated": result.penilaian,
        "ratings": evidence.ratings,
        "evidence": evidence,
        "error": result.error,
        "scored": any(rating.score is not None for rating in evidence.ratings),
        "missing": _missing(result, text),
        "not_measured": ", ".join(text(f"signal_{name}") for name in evidence.signals.not_measured)
        if evidence.signals
        else "",
        "strip": Markup(strip.svg()) if length_s else "",
        "stills": {name: files.stills[name] for name in _shown_stills(evidence.findings) if name in files.stills},
        "transcript": _transcript(result),
        "measures": _measures(result),
    }


def _influence(points: float, text: Texts) -> str:
    """What the score would be without the quote, in words."""
    moved = whole(abs(points))
    if not moved:
        return text("same")
    return text(("less" if points > 0 else "more") + ("_one" if moved == 1 else ""), n=moved)


def _missing(result: AnswerResult, text: Texts) -> list[str]:
    """Parts that failed although the answer as a whole did not."""
    if result.error:
        return []
    parts = result.modalities.items()
    return [f"{text(name)}: {part.error_message}" for name, part in parts if part.state == "failed"]


def _shown_stills(findings: list[Finding]) -> list[str]:
    """The gravest findings' pictures, in order of time."""
    rank = {"serious": 0, "review": 1, "info": 2}
    with_still = [f for f in findings if f.still]
    chosen = sorted(with_still, key=lambda f: rank[f.severity])[:MOST_STILLS]
    return [f.still for f in with_still if f in chosen]


def _transcript(result: AnswerResult) -> dict[str, Any] | None:
    heard, translation = result.evidence.transcript, result.provenance.translation
    if heard is None:
        return None
    return {
        "language": heard.language,
        "other": result.other_language,
        "languages": heard.languages,
        "segments": heard.segments,
        "translated": result.translated,
        "untranslated": _untranslated(result),
        "gist": translation is not None and translation.grade == "gist",
        "sure": result.transkripsi_calibrated_confidence,
    }


def _untranslated(result: AnswerResult) -> str:
    """Why there is no translation, as the key of a text."""
    translate = result.modalities.get("translate")
    state = translate.state if translate else ""
    if result.provenance.translation or state == "failed":
        return "no_translation"
    return {"pending": "translation_follows"}.get(state, "not_translated")


def _measures(result: AnswerResult) -> list[tuple[str, str]]:
    found = {name: value for part in result.non_verbal_analysis.values() for name, value in part.items()}
    return [(n, _figure(found[n])) for n in MEASURES if isinstance(found.get(n), int | float)]


def _figure(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.1f}".removesuffix(".0")


def _made(number: int, answer: Answer, text: Texts) -> dict[str, Any]:
    """Models by part; a part can have several."""
    rows = [(text(part), model) for part, model in answer.result.provenance.models()]
    return {"number": number, "rows": rows}
