"""Evidence of a made-up answer for tests of the fusion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orchestrator.evidence import (
    AnswerEvidence,
    Attribution,
    Audio,
    Evaluation,
    LanguageShare,
    Rating,
    Screening,
    Segment,
    SessionEvidence,
    Speaker,
    StageReport,
    Summary,
    Transcript,
    Translation,
    Turn,
    Vision,
    VisionEvent,
    Word,
)
from orchestrator.policies import policy
from servicekit.wire import Model, Span

POLICIES = policy.load()
MODEL = Model("made-up", "1", "0" * 64, "test", "cpu", "int8")
WORDS = ["I", "fixed", "the", "slow", "query", "by", "adding", "an", "index"]


def attribution() -> Attribution:
    return Attribution(
        "llamacpp", MODEL, ("huggingface: 401",), "1" * 64, 120, 4, head_sha256="3" * 64, data_sha256="4" * 64
    )


def transcript(**changes: Any) -> Transcript:
    words = tuple(Word(Span(1 + 0.4 * i, 1.3 + 0.4 * i), w, 0.9) for i, w in enumerate(WORDS))
    segment = Segment(Span(1.0, 4.5), " ".join(WORDS), words, -0.3, 0.01, 0.9)
    found = Transcript(
        (segment,), "en", 1.0, len(WORDS), 0.9, 0.9, 0.9, speech_s=3.5, dropped=(), quality="good", quality_reason="",
        model=MODEL,
    )  # fmt: skip
    return replace(found, **changes)


def two_languages() -> Transcript:
    """Indonesian with a sentence of English in it."""
    said = (
        ("id", "Saya membuat indeks."),
        ("id", "Lalu saya ukur."),
        ("en", "It was ten times faster."),
        ("id", "Terima kasih."),
    )
    segments = []
    for number, (language, text) in enumerate(said):
        span = Span(4.0 * number, 4.0 * number + 3.0)
        words = tuple(Word(span, word, 0.9) for word in text.split())
        segments.append(Segment(span, text, words, -0.3, 0.01, 0.9, language))
    shares = (LanguageShare("id", 8 / 13), LanguageShare("en", 5 / 13))
    return transcript(segments=tuple(segments), language="id", word_count=13, languages=shares)


def vision(*events: VisionEvent, **changes: Any) -> Vision:
    found = Vision(
        events=events,
        frame_count=500,
        analyzed_frame_count=250,
        frame_rate_hz=25.0,
        width_px=640,
        height_px=480,
        duration_s=20.0,
        face_present_ratio=1.0,
        multiple_faces_ratio=0.0,
        blink_count=5,
        blink_rate_per_minute=15.0,
        eye_contact_ratio=0.9,
        gaze_stability=0.02,
        smile_intensity=0.01,
        smile_variation=0.004,
        eyebrow_movement_range=0.02,
        baseline_smile_intensity=0.08,
        baseline_eyebrow_position=0.48,
        calibration_applied=True,
        head_movement_intensity=0.3,
        screening=Screening(3, 1.2, 91.0, 70.0, 97.0),
        models=(MODEL,),
    )
    return replace(found, **changes)


def event(kind: str, start_s: float, end_s: float, strength: float = 25.0, direction: str = "") -> VisionEvent:
    return VisionEvent(kind, Span(start_s, end_s), direction, strength, 0.8)


def audio(*turns: Turn, **changes: Any) -> Audio:
    found = Audio(
        speech=(Span(1.0, 4.5),),
        pauses=(),
        turns=turns or (Turn(Span(1.0, 4.5), 0),),
        total_s=20.0,
        speaking_s=3.5,
        nonsilent_s=3.4,
        response_latency_s=1.0,
        speaker_count=1 + len({t.speaker for t in turns if t.speaker}),
        speaker_confidence=0.9,
        silhouette=None,
        speakers=(Speaker(0, 3.5, 1.0),),
        speech_level_dbfs=-20.0,
        snr_db=30.0,
        clipping_ratio=0.0,
        models=(MODEL,),
    )
    return replace(found, **changes)


def evaluation(total: float = 73.0) -> Evaluation:
    ratings = (
        Rating("quality", 72.0, 0.8, "adding an index"),
        Rating("coherence", 68.0, 0.7, ""),
        Rating("relevance", 78.0, 0.9, "words that were never said"),
    )
    return Evaluation(ratings, total, 0.8, True, 0.85, "A short answer with one concrete step.", attribution())


def answer(**changes: Any) -> AnswerEvidence:
    stages = {name: StageReport("completed", 2.0) for name in ("prepare", "transcribe", "watch", "listen", "evaluate")}
    found = AnswerEvidence(
        index=0,
        position_id=1,
        question="Tell me about a bug you fixed.",
        language="en",
        duration_s=20.0,
        stages={"fetch": StageReport("skipped"), **stages, "translate": StageReport("completed", 3.0)},
        transcript=transcript(),
        vision=vision(),
        audio=audio(),
        evaluation=evaluation(),
        translation=Translation("Saya memperbaiki kueri lambat dengan indeks", "id", "gist", attribution()),
        timeline="0/timeline.json",
    )
    return replace(found, **changes)


def session(*answers: AnswerEvidence, **changes: Any) -> SessionEvidence:
    made = SessionEvidence("0" * 32, "A Candidate", "en", answers or (answer(),), policy=POLICIES["original"])
    return replace(made, **changes)


def summary() -> Summary:
    return Summary("The candidate answered one question.", 0.8, attribution())
