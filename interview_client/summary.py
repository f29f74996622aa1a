"""A result as something to read in a terminal. Pure: result JSON in, Rich renderable out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from interview_client.reading import (
    NOT_MEASURED,
    at,
    clock,
    final,
    half_up,
    items,
    number,
    real,
    shortened,
    text,
    within,
)

TRANSCRIPT_CHARS = 200
"""How much of a transcript is shown, characters."""

_VERDICT_STYLES = {"Safe": "green", "Medium Risk": "yellow", "High Risk": "red"}
_OTHER = {"English": ("Indonesian", "transkripsi_id"), "Indonesian": ("English", "transkripsi_en")}
_UNTRANSLATED = {"pending": "it follows", "on_demand": "made when asked for: interview translate ID ANSWER"}
_OWN = {"English": "transkripsi_en", "Indonesian": "transkripsi_id"}

_Row = tuple[str, str | Text]


def summary(result: Mapping[str, Any]) -> RenderableType:
    """A panel for each answer, then the whole. Whatever is missing reads "not measured"."""
    content, timings = items(result, "content"), items(result, "metadata", "timing")
    pairs = zip_longest(content, timings[: len(content)])
    answers = [answer_panel(i, answer, timing) for i, (answer, timing) in enumerate(pairs, 1)]
    return Group(*answers, _whole_panel(result), Text("A human decides.", "bold"))


def answer_panel(place: int, answer: object, timing: object) -> Panel:
    """One answer of a result; `place` from 1, `timing` its entry in the result's metadata, if known."""
    found = at(answer, "result")
    question = Text(text(at(answer, "question")) or "(no question)", "bold")
    title = Text(f"Answer {place}")
    if at(found, "error") is not None:
        reason, message = text(at(found, "error", "reason")), text(at(found, "error", "message"))
        return Panel(Group(question, Text(f"Failed: {message or reason}", "red")), title=title, title_align="left")
    verdict = text(at(found, "cheating_detection", "final_verdict")) or NOT_MEASURED
    title.append(f" · {verdict}", _VERDICT_STYLES.get(verdict, ""))
    return Panel(Group(question, _grid(_answer_rows(found, timing))), title=title, title_align="left")


def _answer_rows(found: object, timing: object) -> Iterable[_Row]:
    yield "Scores of 100", _scores(found)
    yield "Judged by", _judge(found)
    yield "Analysis", text(at(found, "penilaian", "analisis_llm")) or "none"
    yield from _carried(found)
    yield from _remarks(at(found, "penilaian"))
    yield "Speech", _speech(found)
    yield "Voices", _voices(found)
    yield "Face", _face(found)
    yield "Non-verbal", number(at(found, "non_verbal_confidence_score"), " of 100", 1)
    yield "Findings", _findings(items(found, "evidence", "findings"))
    yield from _transcripts(found)
    if timing is not None:
        yield "Time", _stage_seconds(timing)
    yield from _failed_stages(found)


def _scores(found: object) -> str:
    rated = at(found, "penilaian")
    total = real(at(rated, "total"))
    if total is None:
        reason = text(at(rated, "not_scored_reason"))
        said = "please rate by hand" if at(rated, "rate_by_hand") is True else "not scored"
        return f"{said}: {reason}" if reason else said
    names = {"quality": "kualitas_jawaban", "coherence": "koherensi", "relevance": "relevansi"}
    criteria = {text(at(r, "criterion")): r for r in items(found, "evidence", "ratings")}
    parts = [f"{name} {_within(at(rated, key), criteria.get(name))}" for name, key in names.items()]
    whole = within(total, at(rated, "total_low"), at(rated, "total_high"))
    return " · ".join([*parts, f"total {whole}", f"confidence {number(at(rated, 'confidence_score'), ' %', 1)}"])


def _within(score: object, rating: object) -> str:
    return within(score, at(rating, "low"), at(rating, "high"))


def _carried(found: object) -> Iterable[_Row]:
    """The sentences that the ratings rest on."""
    for rating in items(found, "evidence", "ratings"):
        if quote := text(at(rating, "quote")):
            said = f"“{quote}” {clock(at(rating, 'start_s'))}{_influence(real(at(rating, 'influence')))}"
            yield f"Carries {text(at(rating, 'criterion'))}", said


def _influence(points: float | None) -> str:
    """What the score would be without the quote, in words."""
    if points is None:
        return ""
    whole = int(half_up(abs(points)))
    if not whole:
        return ", without it: about the same"
    return f", without it: {whole} point{'s' * (whole != 1)} {'less' if points > 0 else 'more'}"


def _remarks(rated: object) -> Iterable[_Row]:
    missing = [point for point in (text(m) for m in items(rated, "missing")) if point]
    if missing:
        yield "Not covered", "; ".join(missing)
    if question := text(at(rated, "follow_up_question")):
        yield "Worth asking", question


def _judge(found: object) -> str:
    judge = at(found, "provenance", "judge")
    model = at(judge, "model")
    name = text(model) or text(at(model, "name"))
    return " ".join(part for part in (text(at(judge, "backend")), name) if part) or "nobody"


def _speech(found: object) -> str:
    speech = at(found, "non_verbal_analysis", "speech_analysis")
    return " · ".join(
        [
            f"words {number(at(found, 'metadata', 'word_count'))}",
            f"words per minute {number(at(speech, 'speech_rate_wpm'))}",
            f"speaking {number(at(speech, 'speaking_time_seconds'), ' s', 1)}",
            f"recording {number(at(speech, 'total_duration_seconds'), ' s', 1)}",
            f"pauses {number(at(speech, 'number_of_pauses'))}",
        ]
    )


def _voices(found: object) -> str:
    audio = at(found, "cheating_detection", "audio")
    confidence = number(at(audio, "confidence"), " %")
    return f"speakers {number(at(audio, 'num_speakers'))} · confidence {confidence}"


def _face(found: object) -> str:
    face = at(found, "non_verbal_analysis", "facial_expression_analysis")
    eyes = at(found, "non_verbal_analysis", "eye_movement_analysis")
    return " · ".join(
        [
            f"in view {number(at(face, 'face_detected_percentage'), ' % of frames', 1)}",
            f"blinks per minute {number(at(eyes, 'blink_rate_per_minute'), digits=1)}",
            f"eye contact {number(at(eyes, 'eye_contact_percentage'), ' %', 1)}",
        ]
    )


def _findings(findings: list[object]) -> Text | str:
    lines = [finding_line(finding) for finding in findings]
    return Text("\n").join(lines) if lines else "none"


def finding_line(finding: object) -> Text:
    """A finding on one line: when, what, how serious, why, and what else it may be."""
    span = f"{clock(at(finding, 'start_s'))}–{clock(at(finding, 'end_s'))}"
    severity = text(at(finding, "severity"))
    name = text(at(finding, "type")).replace("_", " ")
    line = Text(f"{span} {name}")
    line.append(f" ({severity})" if severity else "", {"serious": "red", "review": "yellow"}.get(severity, "dim"))
    explanation, innocent = text(at(finding, "explanation")), text(at(finding, "innocent_explanation"))
    line.append(f": {explanation}" if explanation else "")
    return line.append(f" {innocent}" if innocent else "", "dim")


def _transcripts(found: object) -> Iterable[_Row]:
    spoken = text(at(found, "metadata", "source_language"))
    if spoken not in _OWN:
        yield "Transcript", _excerpt(found, "transkripsi_en", NOT_MEASURED)
        return
    language, key = _OTHER[spoken]
    yield f"Transcript ({spoken})", _excerpt(found, _OWN[spoken], "nothing was understood")
    missing = _UNTRANSLATED.get(text(at(found, "modalities", "translate", "state")), "not translated")
    yield f"Translation ({language})", _excerpt(found, key, missing)


def _excerpt(found: object, key: str, missing: str) -> str:
    return shortened(text(at(found, key)), TRANSCRIPT_CHARS) or missing


def _stage_seconds(timing: object) -> str:
    stages, rates = at(timing, "seconds"), at(timing, "seconds_per_minute")
    if not isinstance(stages, Mapping):
        return NOT_MEASURED
    return " · ".join(_stage_time(text(name), taken, at(rates, name)) for name, taken in stages.items()) or NOT_MEASURED


def _stage_time(name: str, taken: object, rate: object) -> str:
    # In brackets: for a minute of video, so that long and short answers compare.
    return f"{name} {number(taken, ' s', 1)}" + (f" ({number(rate, ' s/min', 1)})" if real(rate) is not None else "")


def _failed_stages(found: object) -> Iterable[_Row]:
    stages = at(found, "modalities")
    for name, stage in stages.items() if isinstance(stages, Mapping) else ():
        if at(stage, "state") == "failed":
            why = text(at(stage, "error_message")) or text(at(stage, "error_reason")) or "no reason given"
            yield "Failed", Text(f"{text(name)}: {why}", "red")


def _whole_panel(result: Mapping[str, Any]) -> Panel:
    name = text(result.get("name"))
    return Panel(_grid(_whole_rows(result)), title=Text(name or "The interview"), title_align="left")


def _whole_rows(result: Mapping[str, Any]) -> Iterable[_Row]:
    flags, body = result.get("aggregate_cheating_detection"), result.get("aggregate_non_verbal_analysis")
    metadata, judged, proposed = result.get("metadata"), result.get("llm_results"), result.get("decision_proposal")
    verdict = text(at(flags, "final_aggregate_verdict")) or NOT_MEASURED
    yield "Verdict", Text(verdict, _VERDICT_STYLES.get(verdict, ""))
    yield "Non-verbal", f"{number(at(body, 'overall_confidence_score'), ' of 100', 1)} {_status(body)}".strip()
    yield "Mean total", f"{final(at(proposed, 'interview_score'))} of 100"
    yield "Final score", f"{final(at(proposed, 'total'))} of 100"
    yield from _proposal(proposed)
    yield "Summary", text(at(judged, "kesimpulan_llm")) or "none"
    done, total = at(metadata, "successful_videos"), at(metadata, "total_videos")
    yield "Answers", f"{number(done)} of {number(total)} assessed"


def _proposal(proposed: object) -> Iterable[_Row]:
    """What the policy proposes, with the total's interval and the reasons in words."""
    if not (name := text(at(proposed, "proposal"))):
        return
    total = final(at(proposed, "total"), at(proposed, "total_low"), at(proposed, "total_high"))
    reasons = " ".join(text(reason) for reason in items(proposed, "reasons"))
    outcome = text(at(proposed, "outcome"))
    named = f"{outcome} ({name})" if outcome and outcome != name else name
    yield "Proposal", f"{named} · total {total} of 100 · {reasons}"


def _status(body: object) -> str:
    status = text(at(body, "overall_performance_status"))
    return f"({status})" if status else ""


def _grid(rows: Iterable[_Row]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(ratio=1)
    for label, value in rows:
        grid.add_row(label, value if isinstance(value, Text) else Text(value))
    return grid
