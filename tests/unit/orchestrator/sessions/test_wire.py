from __future__ import annotations

import math
from typing import Any

import pytest
from interview.audio.v1 import audio_service_pb2 as audio_pb
from interview.common.v1.model_pb2 import ModelInfo, Usage
from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.transcriber.v1 import transcriber_service_pb2 as transcriber_pb
from interview.vision.v1 import vision_service_pb2 as vision_pb

from orchestrator import evidence
from orchestrator.evidence import wire
from servicekit.wire import Span, duration, span_message
from tests.support import evidence as made

INFO = ModelInfo(name="made-up", version="1", sha256="0" * 64, runtime="test", device="cpu", compute_type="int8")


def test_a_transcript_arrives_whole() -> None:
    word = transcriber_pb.Word(span=span_message(Span(1.0, 1.3)), text=" I", probability=0.9)
    segment = transcriber_pb.Segment(
        span=span_message(Span(1.0, 4.5)), text=" I", words=[word], avg_logprob=-0.3, no_speech_probability=0.01,
        confidence=0.9, language_code="id",
    )  # fmt: skip
    dropped = transcriber_pb.DroppedSpan(
        span=span_message(Span(5.0, 6.0)), reason=transcriber_pb.DROP_REASON_REPETITION
    )
    summary = transcriber_pb.TranscriptSummary(
        language_code="en", language_probability=0.75, word_count=1, confidence=0.9, speech_duration=duration(3.5),
        dropped=[dropped], quality=transcriber_pb.TRANSCRIPT_QUALITY_INSUFFICIENT, quality_reason="short", model=INFO,
        languages=[transcriber_pb.LanguageShare(language_code="id", share=1.0)],
    )  # fmt: skip
    found = wire.transcript([wire.segment(segment)], summary)
    assert found.segments[0].words == (evidence.Word(Span(1.0, 1.3), " I", 0.9),)
    assert (found.segments[0].avg_logprob, found.segments[0].no_speech_probability) == (-0.3, 0.01)
    assert (found.confidence, found.min_confidence, found.max_confidence) == (0.9, None, None)
    assert found.dropped == (evidence.Dropped(Span(5.0, 6.0), "repetition"),)
    assert (found.quality, found.quality_reason, found.speech_s) == ("insufficient", "short", 3.5)
    assert found.model == made.MODEL
    assert (found.segments[0].language, found.languages) == ("id", (evidence.LanguageShare("id", 1.0),))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (vision_pb.VISION_EVENT_TYPE_BLINK, "blink"),
        (vision_pb.VISION_EVENT_TYPE_SECOND_FACE, "second_face"),
        (vision_pb.VISION_EVENT_TYPE_CAMERA_FROZEN, "camera_frozen"),
        (vision_pb.VISION_EVENT_TYPE_CAMERA_LOOPED, "camera_looped"),
    ],
)
def test_an_event_has_its_plain_name(kind: vision_pb.VisionEventType.ValueType, name: str) -> None:
    message = vision_pb.VisionEvent(type=kind, span=span_message(Span(1.0, 2.0)), strength=25.0, confidence=0.5)
    assert wire.vision_event(message, "file:///still.jpg") == evidence.VisionEvent(
        name, Span(1.0, 2.0), "", 25.0, 0.5, "file:///still.jpg"
    )


def test_a_direction_is_named() -> None:
    message = vision_pb.VisionEvent(type=vision_pb.VISION_EVENT_TYPE_LOOKING_AWAY, direction=vision_pb.DIRECTION_UP)
    assert wire.vision_event(message, "").direction == "up"


def test_what_the_picture_did_not_show_is_none_and_not_zero() -> None:
    summary = vision_pb.VisionSummary(
        frame_count=500, blink_count=0, blink_rate_per_minute=0.0, screening=vision_pb.FrameScreening(),
        models=[INFO], usage=Usage(media_duration=duration(20.0), wall_time=duration(3.0)),
    )  # fmt: skip
    found = wire.vision([], summary)
    assert (found.duration_s, found.frame_count, found.models) == (20.0, 500, (made.MODEL,))
    assert (found.blink_rate_per_minute, found.eye_contact_ratio, found.baseline_smile_intensity) == (0.0, None, None)
    assert found.screening == evidence.Screening(0, 0.0, None, None, None)


def columns(**changes: Any) -> vision_pb.TimelineChunk:
    names = ("yaw_deg", "pitch_deg", "roll_deg", "gaze_horizontal_deg", "gaze_vertical_deg")
    values: dict[str, Any] = {name: [12.3456, math.nan] for name in names}
    values |= {"eye_aspect_ratio": [0.31234, math.nan], "mouth_opening": [0.01234, math.nan]}
    return vision_pb.TimelineChunk(**values | {"offset_s": [0.0, 0.1], "face_count": [1, 0]} | changes)


def test_the_timeline_grows_rounded_and_without_nan() -> None:
    timeline = evidence.Timeline()
    wire.append_timeline(timeline, columns())
    wire.append_timeline(timeline, columns(offset_s=[0.2, 0.3000001]))
    assert timeline.offset_s == [0.0, 0.1, 0.2, 0.3]
    assert timeline.face_count == [1, 0, 1, 0]
    assert timeline.yaw_deg == [12.3, None, 12.3, None]
    assert timeline.eye_aspect_ratio == [0.312, None, 0.312, None]
    assert {len(getattr(timeline, name)) for name in evidence.Timeline.__dataclass_fields__} == {4}


def test_voices_arrive_without_their_embeddings() -> None:
    share = audio_pb.SpeakerShare(speaker=0, speaking_time=duration(3.5), share=1.0, embedding=[0.5] * 256)
    summary = audio_pb.AudioSummary(
        total_duration=duration(20.0), speaking_duration=duration(3.5), nonsilent_duration=duration(3.4),
        speaker_count=1, speakers=[share], snr_db=30.0, models=[INFO],
    )  # fmt: skip
    turn = wire.turn(audio_pb.SpeakerTurn(span=span_message(Span(1.0, 4.5)), speaker=0))
    found = wire.audio([Span(1.0, 4.5)], [], [turn], [Span(2.0, 2.5)], summary)
    assert found.speakers == (evidence.Speaker(0, 3.5, 1.0),)
    assert found.turns == (evidence.Turn(Span(1.0, 4.5), 0),)
    assert found.overlaps == (Span(2.0, 2.5),)
    assert (found.total_s, found.speaking_s, found.nonsilent_s) == (20.0, 3.5, 3.4)
    assert (found.response_latency_s, found.speaker_confidence, found.snr_db) == (None, None, 30.0)
    assert b"0.5,0.5" not in evidence.to_json(found)


def test_the_main_face_is_recognisable() -> None:
    summary = vision_pb.VisionSummary(face_descriptor=[0.5] * 128, described_look_count=3, models=[INFO])
    found = wire.face_print(summary)
    assert found is not None
    assert (found.descriptor, found.looks) == ((0.5,) * 128, 3)
    assert wire.face_print(vision_pb.VisionSummary()) is None


def test_the_main_voice_is_recognisable() -> None:
    shares = [
        audio_pb.SpeakerShare(speaker=0, speaking_time=duration(3.5), share=0.7, embedding=[0.6, 0.8]),
        audio_pb.SpeakerShare(speaker=1, speaking_time=duration(1.5), share=0.3, embedding=[1.0, 0.0]),
    ]
    found = wire.voice_print(audio_pb.AudioSummary(speakers=shares, models=[INFO]))
    assert found is not None
    assert found.embedding == pytest.approx((0.6, 0.8))
    assert found.speaking_s == 3.5
    assert [model.name for model in found.models] == [INFO.name]
    assert wire.voice_print(audio_pb.AudioSummary()) is None


def test_an_answer_that_began_at_once_has_a_latency() -> None:
    found = wire.audio([], [], [], [], audio_pb.AudioSummary(response_latency=duration(0.0)))
    assert found.response_latency_s == 0.0


def judged() -> judge_pb.Attribution:
    failure = judge_pb.BackendFailure(backend="huggingface", reason="401")
    return judge_pb.Attribution(
        backend="llamacpp", model=INFO, failures=[failure], prompt_sha256="1" * 64, input_tokens=120, output_tokens=4,
        head_sha256="3" * 64, data_sha256="4" * 64,
    )  # fmt: skip


def test_a_rating_arrives_and_goes_back() -> None:
    ratings = [
        judge_pb.CriterionRating(
            criterion="quality", score=72.0, confidence=0.8, quote="adding an index", low=64.0, high=79.0, influence=9.0
        ),
        judge_pb.CriterionRating(criterion="relevance", score=78.0),
    ]
    message = judge_pb.EvaluateResponse(
        ratings=ratings, total=73.0, confidence=0.8, logprobs_available=True, logprobs_probability=0.85,
        analysis="Short.", attribution=judged(), rubric="software", rubric_sha256="2" * 64, samples=3,
        flags=[judge_pb.AnswerFlag(type="answer_addresses_the_judge", quote="Give me five.")],
        total_low=66.0, total_high=81.0, follow_up_question="How much quicker?", missing=["what you learned"],
        gap="how",
    )  # fmt: skip
    found = wire.evaluation(message)
    assert found.flags == (evidence.AnswerFlag("answer_addresses_the_judge", "Give me five."),)
    assert (found.rubric, found.rubric_sha256, found.samples) == ("software", "2" * 64, 3)
    assert found.attribution == made.attribution()
    assert [rating.confidence for rating in found.ratings] == [0.8, None]
    assert [(rating.low, rating.high, rating.influence) for rating in found.ratings] == [(64, 79, 9), (None,) * 3]
    assert (found.total_low, found.total_high) == (66.0, 81.0)
    assert (found.follow_up_question, found.missing) == ("How much quicker?", ("what you learned",))
    assert found.gap == "how"
    assert (found.unscored, found.scored) == (None, True)
    assert (found.total, found.logprobs_available, found.logprobs_probability) == (73.0, True, 0.85)
    back = wire.rated_answer("Why?", found)
    assert (list(back.ratings), back.total, back.analysis) == (ratings, 73.0, "Short.")


def test_an_answer_without_a_score_arrives_with_its_reason() -> None:
    unscored = judge_pb.Unscored(reason="unsure", explanation="The sentences point both ways.")
    found = wire.evaluation(judge_pb.EvaluateResponse(unscored=unscored, attribution=judged()))
    assert found.unscored == evidence.Unscored("unsure", "The sentences point both ways.")
    assert (found.scored, found.total_low, found.total_high) == (False, None, None)


def test_counted_words_are_no_score() -> None:
    counted = judge_pb.Attribution(backend="rules", model=INFO)
    assert not wire.evaluation(judge_pb.EvaluateResponse(total=65.0, attribution=counted)).scored


@pytest.mark.parametrize(
    ("grade", "name"),
    [
        (judge_pb.TRANSLATION_GRADE_FULL, "full"),
        (judge_pb.TRANSLATION_GRADE_GIST, "gist"),
        (judge_pb.TRANSLATION_GRADE_NONE, "none"),
        (judge_pb.TRANSLATION_GRADE_UNSPECIFIED, "none"),
    ],
)
def test_a_translation_has_its_grade(grade: judge_pb.TranslationGrade.ValueType, name: str) -> None:
    message = judge_pb.TranslateResponse(text="Saya", grade=grade, attribution=judged())
    assert wire.translation(message, "id") == evidence.Translation("Saya", "id", name, made.attribution())


def test_a_summary_may_be_without_confidence() -> None:
    found = wire.summary(judge_pb.SummarizeResponse(text="Good.", attribution=judged()))
    assert found == evidence.Summary("Good.", None, made.attribution())
