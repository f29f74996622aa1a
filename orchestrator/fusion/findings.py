"""Findings: moments that a person should look at, each with its time, strength and an innocent explanation.

A finding is never a verdict. Thresholds were chosen on development recordings and lean towards silence: scattered
blinks and short glances are normal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator.evidence import AnswerEvidence, Audio, Transcript, Vision, VisionEvent
from orchestrator.fusion.identity import VOICE_LIMIT
from orchestrator.fusion.transcript import quote_span
from servicekit.wire import Span

SECOND_VOICE_TURNS = 2
SECOND_VOICE_S = 3.0
SECOND_FACE_S = 0.5
SECOND_FACE_SERIOUS_S = 2.0
FACE_ABSENT_S = 1.0
FACE_ABSENT_REVIEW_RATIO = 0.10
LOOKING_AWAY_S = 2.0
LOOKING_AWAY_REVIEW_RUN_S = 4.0
LOOKING_AWAY_REVIEW_RUNS = 3
LOOKING_AWAY_REVIEW_RATIO = 0.12
CAMERA_S = 2.0
# Two words with a hand before the mouth are nothing; half of a sentence is worth a look.
STILL_LIPS_REVIEW_S, STILL_LIPS_SURE_S = 3.0, 6.0
# So far below the limit nobody's own voice was, whatever the microphone.
VOICE_SURE_MARGIN = 0.1
READING_S = 5.0
CLIPPING_RATIO = 0.01
SNR_DB = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One moment. `strength` is in the unit of its type, `confidence` 0 to 1, `severity` info, review or serious."""

    type: str
    start_s: float
    end_s: float
    strength: float
    confidence: float
    severity: str
    explanation: str
    innocent_explanation: str
    still: str = ""
    quote: str = ""


def findings(answer: AnswerEvidence, voice_likeness: float | None = None) -> tuple[Finding, ...]:
    """Everything worth a look in one answer, in order of time.

    `voice_likeness` is the cosine of its voice to that of the other answers where it differs, else None.
    """
    found: list[Finding] = []
    if answer.audio is not None:
        found += _second_voice(answer.audio, answer.transcript)
        found += _sound_quality(answer.audio)
    if answer.vision is not None:
        found += _second_face(answer.vision)
        found += _face_absent(answer.vision)
        found += _looking_away(answer.vision)
        found += _reading(answer.vision)
        found += _camera(answer.vision)
    if answer.evaluation is not None:
        found += _words(answer)
    if answer.still_lips:
        found += _still_lips(answer.still_lips, answer.transcript)
    if voice_likeness is not None:
        found.append(_voice_differs(voice_likeness, answer.duration_s or 0.0))
    if answer.transcript is not None:
        found += _transcript(answer.transcript, answer.duration_s or 0.0)
    return tuple(sorted(found, key=lambda f: (f.start_s, f.type)))


def words_in(transcript: Transcript | None, span: Span, most: int = 30) -> str:
    """The words spoken within a span, at most `most` of them."""
    if transcript is None:
        return ""
    words = [w for s in transcript.segments for w in s.words]
    inside = [w.text for w in words if w.span.start_s < span.end_s and w.span.end_s > span.start_s]
    return " ".join(inside[:most]) + (" ..." if len(inside) > most else "")


def _second_voice(audio: Audio, transcript: Transcript | None) -> Iterator[Finding]:
    others = [turn for turn in audio.turns if turn.speaker != 0]
    total_s = sum(turn.span.duration_s for turn in others)
    if len(others) < SECOND_VOICE_TURNS and total_s < SECOND_VOICE_S:
        return
    confidence = audio.speaker_confidence or 0.0
    for turn in others:
        yield Finding(
            "second_voice",
            turn.span.start_s,
            turn.span.end_s,
            strength=round(turn.span.duration_s, 2),
            confidence=confidence,
            severity="serious" if confidence >= 0.6 else "review",
            explanation=f"A voice other than the main one speaks ({total_s:.1f} s in {len(others)} turns in all).",
            innocent_explanation="Someone passing by, a television, an interviewer, or a change of distance.",
            quote=words_in(transcript, turn.span),
        )


def _second_face(vision: Vision) -> Iterator[Finding]:
    for event in _events(vision, "second_face", SECOND_FACE_S):
        serious = event.span.duration_s >= SECOND_FACE_SERIOUS_S
        yield _from_event(
            event,
            "serious" if serious else "review",
            f"{event.strength:.0f} faces are in the picture for {event.span.duration_s:.1f} s.",
            "A family member passing, a picture or a screen in the background.",
        )


def _face_absent(vision: Vision) -> Iterator[Finding]:
    events = list(_events(vision, "face_absent", FACE_ABSENT_S))
    ratio = sum(e.span.duration_s for e in events) / vision.duration_s if vision.duration_s else 0.0
    for event in events:
        yield _from_event(
            event,
            "review" if ratio >= FACE_ABSENT_REVIEW_RATIO else "info",
            f"No face is in the picture for {event.span.duration_s:.1f} s.",
            "Leaning out of the picture, poor light, a hand before the face.",
        )


def _looking_away(vision: Vision) -> Iterator[Finding]:
    events = list(_events(vision, "looking_away", LOOKING_AWAY_S))
    total_s = sum(e.span.duration_s for e in events)
    review = len(events) >= LOOKING_AWAY_REVIEW_RUNS or (
        vision.duration_s > 0 and total_s / vision.duration_s >= LOOKING_AWAY_REVIEW_RATIO
    )
    for event in events:
        long = event.span.duration_s >= LOOKING_AWAY_REVIEW_RUN_S
        towards = f" {event.direction}" if event.direction else ""
        yield _from_event(
            event,
            "review" if review or long else "info",
            f"Head or eyes are turned{towards} by about {event.strength:.0f} degrees for "
            f"{event.span.duration_s:.1f} s.",
            "Looking away while thinking is normal; a second screen or notes may be allowed.",
        )


def _reading(vision: Vision) -> Iterator[Finding]:
    for event in _events(vision, "reading", READING_S):
        yield _from_event(
            event,
            "info",
            f"The eyes go along {event.strength:.0f} lines in a row, as in reading.",
            "Gaze is measured badly by webcams; reading the question or allowed notes looks the same.",
        )


def _camera(vision: Vision) -> Iterator[Finding]:
    for kind, (severity, what, innocent) in _CAMERA.items():
        for event in _events(vision, kind, CAMERA_S):
            yield _from_event(event, severity, f"{what} for {event.span.duration_s:.1f} s.", innocent)


_CAMERA = {
    "camera_black": (
        "review",
        "The picture is black",
        "A covered or failing camera, a slow connection, energy saving.",
    ),
    "camera_frozen": (
        "review",
        "The picture is frozen",
        "A covered or failing camera, a slow connection, energy saving.",
    ),
    "camera_photograph": (
        "review",
        "The face moves as a whole only, as a photograph does,",
        "Someone who listens without a word or a glance, a poor picture, a mask.",
    ),
    "camera_looped": (
        "review",
        "The picture repeats an earlier part of the video",
        "A recording that was edited or repaired, a program that fills gaps.",
    ),
    "camera_dark": ("info", "The picture is very dark", "Poor light or a weak camera."),
    "camera_blurred": (
        "info",
        "The face is strongly blurred",
        "The focus, movement, a filter, a slow connection.",
    ),
    "camera_far": ("info", "The face is too small to be measured well", "The person sits far from the camera."),
    "camera_slow": ("info", "The frame rate drops", "A slow computer or connection."),
}
"""Severity, what is seen and an innocent explanation of what the camera does."""


_WORDS = {
    "answer_addresses_the_judge": (
        "review",
        "Part of the answer speaks to whoever scores it; it was taken out before scoring.",
        "Reading the task aloud, quoting somebody, or a habit of speech.",
    ),
    "keyword_list": (
        "info",
        "The answer is mostly a list of terms and is held low.",
        "Notes read aloud, or words lost by the transcript.",
    ),
}
"""Severity, what was said and an innocent explanation of what the judge flags."""


def _words(answer: AnswerEvidence) -> Iterator[Finding]:
    flags = answer.evaluation.flags if answer.evaluation else ()
    for flag in flags:
        severity, explanation, innocent = _WORDS[flag.type]
        span = quote_span(answer.transcript, flag.quote) or Span(0.0, answer.duration_s or 0.0)
        yield Finding(
            flag.type,
            span.start_s,
            span.end_s,
            strength=float(len(flag.quote.split())),
            confidence=1.0,
            severity=severity,
            explanation=explanation,
            innocent_explanation=innocent,
            quote=flag.quote,
        )


def _still_lips(spans: tuple[Span, ...], transcript: Transcript | None) -> Iterator[Finding]:
    total_s = sum(span.duration_s for span in spans)
    for span in spans:
        yield Finding(
            "speech_with_still_lips",
            span.start_s,
            span.end_s,
            strength=round(span.duration_s, 2),
            confidence=min(1.0, span.duration_s / STILL_LIPS_SURE_S),
            severity="review" if total_s >= STILL_LIPS_REVIEW_S else "info",
            explanation=f"Speech is heard for {span.duration_s:.1f} s while the visible mouth hardly moves.",
            innocent_explanation="A hand, a mask or a microphone before the mouth, a frozen picture, a low frame rate.",
            quote=words_in(transcript, span),
        )


def _voice_differs(likeness: float, duration_s: float) -> Finding:
    return Finding(
        "voice_differs",
        0.0,
        duration_s,
        strength=round(likeness, 2),
        confidence=round(min(1.0, (VOICE_LIMIT - likeness) / VOICE_SURE_MARGIN), 2),
        severity="review",
        explanation=f"The voice is unlike that of the other answers (likeness {likeness:.2f}; 0.9 is usual).",
        innocent_explanation="Another microphone, room or telephone, or a cold.",
    )


def _transcript(transcript: Transcript, duration_s: float) -> Iterator[Finding]:
    if transcript.quality == "insufficient":
        yield Finding(
            "transcript_insufficient",
            0.0,
            duration_s,
            strength=float(transcript.word_count),
            confidence=1.0,
            severity="info",
            explanation=f"The answer was not scored: {transcript.quality_reason}",
            innocent_explanation="A muted or distant microphone, noise, or another language than the one chosen.",
        )


def _sound_quality(audio: Audio) -> Iterator[Finding]:
    problems = []
    if audio.clipping_ratio > CLIPPING_RATIO:
        problems.append(f"{100 * audio.clipping_ratio:.1f} % of the samples are overdriven")
    if audio.snr_db is not None and audio.snr_db < SNR_DB:
        problems.append(f"the voice is only {audio.snr_db:.0f} dB above the noise")
    if problems:
        yield Finding(
            "sound_quality",
            0.0,
            audio.total_s,
            strength=round(audio.snr_db or 0.0, 1),
            confidence=1.0,
            severity="info",
            explanation=f"Poor sound: {' and '.join(problems)}. Words and voices are less certain.",
            innocent_explanation="The microphone or the room.",
        )


def _events(vision: Vision, kind: str, shortest_s: float) -> Iterator[VisionEvent]:
    return (e for e in vision.events if e.type == kind and e.span.duration_s >= shortest_s)


def _from_event(event: VisionEvent, severity: str, explanation: str, innocent: str) -> Finding:
    return Finding(
        event.type,
        event.span.start_s,
        event.span.end_s,
        strength=round(event.strength, 2),
        confidence=event.confidence,
        severity=severity,
        explanation=explanation,
        innocent_explanation=innocent,
        still=event.still,
    )
