from __future__ import annotations

from dataclasses import replace

import pytest
from interview.transcriber.v1 import transcriber_service_pb2 as pb

from servicekit.wire import Model, Span, seconds
from services.transcriber import wire
from services.transcriber.model import Dropped, LanguageShare, Segment, TranscriptionResult, Word
from services.transcriber.quality import calibrated, confidence, verdict, word_count
from services.transcriber.settings import Settings

SETTINGS = Settings(port=0)
MEASURED = Model("whisper-base", "1", "0" * 64)


def segment(start_s: float, end_s: float, *probabilities: float, language: str = "en") -> Segment:
    span = Span(start_s, end_s)
    return Segment(span, "text", tuple(Word(span, "word", p) for p in probabilities), -0.3, 0.0, language)


def result(*segments: Segment, speech_s: float = 10.0, dropped: tuple[Dropped, ...] = ()) -> TranscriptionResult:
    return TranscriptionResult(segments, dropped, "en", 1.0, 12.0, speech_s, Model("m", "1", "0" * 64))


def test_confidence_is_weighted_by_duration() -> None:
    segments = (segment(0.0, 9.0, 0.9, 0.7), segment(9.0, 10.0, 0.3))
    assert segments[0].confidence == pytest.approx(0.8)
    assert confidence(segments) == pytest.approx((0.8 * 9 + 0.3 * 1) / 10)
    assert word_count(segments) == 3


def test_confidence_without_segments_and_without_duration() -> None:
    assert confidence(()) is None
    assert confidence((segment(1.0, 1.0, 0.6), segment(2.0, 2.0, 0.8))) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("probability", "expected"), [(1.0, 1.0), (0.9, 0.903), (0.6, 0.492), (0.2, 0.0), (None, None)]
)
def test_calibrated_confidence_is_the_share_of_right_words_to_expect(
    probability: float | None, expected: float | None
) -> None:
    found = replace(result(segment(0.0, 5.0, 0.9)), model=MEASURED)
    assert calibrated(probability, found) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("model", "languages"),
    [("large-v3", ("en", "en")), ("whisper-base", ("id", "id")), ("whisper-base", ("en", "id")), ("whisper-base", ())],
)
def test_what_was_not_measured_has_no_calibrated_confidence(model: str, languages: tuple[str, ...]) -> None:
    said = [segment(5.0 * i, 5.0 * i + 4.0, 0.9, language=code) for i, code in enumerate(languages)]
    assert calibrated(0.9, replace(result(*said), model=Model(model, "1", "0" * 64))) is None


def test_languages_are_shares_of_the_words() -> None:
    found = result(segment(0.0, 5.0, *[0.9] * 2, language="en"), segment(5.0, 9.0, *[0.9] * 6, language="id"))
    assert found.languages == (LanguageShare("id", 0.75), LanguageShare("en", 0.25))
    message = wire.summary(found, SETTINGS, 1.0).summary
    assert [(s.language_code, s.share) for s in message.languages] == [("id", 0.75), ("en", 0.25)]
    assert wire.segment(found.segments[1]).segment.language_code == "id"
    assert result().languages == ()


@pytest.mark.parametrize(
    ("probability", "quality"),
    [(0.95, "good"), (0.76, "good"), (0.74, "usable"), (0.56, "usable"), (0.54, "insufficient"), (0.1, "insufficient")],
)
def test_verdict_by_confidence(probability: float, quality: str) -> None:
    found = verdict(result(segment(0.0, 5.0, *[probability] * 6)), SETTINGS)
    assert found.quality == quality
    assert bool(found.reason) == (quality != "good")


@pytest.mark.parametrize(
    ("words", "speech_s", "reason"),
    [
        (0, 0.0, "No speech was found."),
        (0, 3.0, "No words could be understood. Check the spoken language and the microphone."),
        (1, 3.0, "Only 1 word could be understood."),
        (4, 3.0, "Only 4 words could be understood."),
        (6, 0.8, "There is only 0.8 s of speech."),
    ],
)
def test_too_little_to_judge_by(words: int, speech_s: float, reason: str) -> None:
    segments = (segment(0.0, 5.0, *[0.9] * words),) if words else ()
    found = verdict(result(*segments, speech_s=speech_s), SETTINGS)
    assert (found.quality, found.reason) == ("insufficient", reason)


def test_limits_come_from_the_settings() -> None:
    strict = Settings(port=0, insufficient_words=20, usable_confidence=0.99)
    lax = Settings(port=0, insufficient_words=1, insufficient_confidence=0.1, usable_confidence=0.2)
    weak = result(segment(0.0, 5.0, *[0.3] * 6))
    assert verdict(weak, strict).quality == "insufficient"
    assert verdict(weak, lax).quality == "good"


def test_summary_message() -> None:
    found = result(segment(0.0, 8.0, 0.9, 0.9, 0.9), segment(8.0, 10.0, 0.6, 0.6, 0.6))
    dropped = (Dropped(Span(10.0, 11.0), "repetition"), Dropped(Span(11.0, 12.0), "no_speech"))
    message = wire.summary(
        TranscriptionResult(found.segments, dropped, "id", 0.7, 12.0, 10.0, found.model), SETTINGS, 1.5
    ).summary
    assert message.min_confidence == pytest.approx(0.6)
    assert message.max_confidence == pytest.approx(0.9)
    assert message.confidence == pytest.approx(0.84)
    assert [d.reason for d in message.dropped] == [pb.DROP_REASON_REPETITION, pb.DROP_REASON_NO_SPEECH]
    assert (message.language_code, message.language_probability) == ("id", 0.7)
    assert (seconds(message.usage.wall_time), seconds(message.usage.media_duration)) == (1.5, 12.0)


@pytest.mark.parametrize(("lost_s", "quality"), [(0.0, "good"), (0.9, "good"), (2.0, "usable"), (6.0, "insufficient")])
def test_what_could_not_be_understood_counts(lost_s: float, quality: str) -> None:
    lost = (Dropped(Span(0.0, lost_s), "repetition"),) if lost_s else ()
    found = verdict(result(segment(lost_s, 9.0, *[0.9] * 8), dropped=lost), SETTINGS)
    assert found.quality == quality
    assert ("could not be understood" in found.reason) == (quality != "good")
