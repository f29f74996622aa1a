from __future__ import annotations

from servicekit.wire import Model, Progress, Span, seconds, span_value
from services.audio import wire
from services.audio.model import AudioResult, Levels, Speaker, Turn, Voices

MODEL = Model("voices", "1.2", "a" * 64, "test 3", "cpu", "float32")
NOBODY = AudioResult(2.0, (), (), Voices(), Levels(None, None, None, 0.0, 0.0), (MODEL,))
TWO = AudioResult(
    total_s=10.0,
    speech=(Span(1.0, 4.0), Span(5.0, 9.0)),
    pauses=(Span(4.0, 5.0),),
    voices=Voices(
        turns=(Turn(Span(1.0, 4.0), 1), Turn(Span(5.0, 9.0), 0)),
        speakers=(Speaker(0, 4.0, 4 / 7, (1.0, 0.0)), Speaker(1, 3.0, 3 / 7, (0.0, 1.0))),
        confidence=0.9,
        silhouette=0.4,
        overlaps=(Span(3.5, 4.0),),
    ),
    levels=Levels(-20.0, -21.5, 30.0, 0.01, 7.5),
    models=(MODEL,),
)


def test_everything_comes_in_order_and_the_summary_last() -> None:
    messages = list(wire.messages(TWO, 0.5))
    assert [m.WhichOneof("event") for m in messages] == [
        "speech",
        "speech",
        "pause",
        "turn",
        "turn",
        "overlap",
        "summary",
    ]
    assert [(m.turn.speaker, span_value(m.turn.span)) for m in messages[3:5]] == [
        (1, Span(1.0, 4.0)),
        (0, Span(5.0, 9.0)),
    ]


def test_summary_of_two_voices() -> None:
    summary = list(wire.messages(TWO, 0.5))[-1].summary
    assert (seconds(summary.total_duration), seconds(summary.speaking_duration)) == (10.0, 7.0)
    assert (summary.pause_count, summary.speaker_count) == (1, 2)
    assert seconds(summary.response_latency) == 1.0
    assert (summary.speaker_confidence, summary.silhouette) == (0.9, 0.4)
    assert (summary.speech_level_dbfs, summary.snr_db, summary.clipping_ratio) == (-20.0, 30.0, 0.01)
    assert (seconds(summary.nonsilent_duration), summary.integrated_loudness_lufs) == (7.5, -21.5)
    assert [(s.speaker, seconds(s.speaking_time), list(s.embedding)) for s in summary.speakers] == [
        (0, 4.0, [1.0, 0.0]),
        (1, 3.0, [0.0, 1.0]),
    ]
    (model,) = summary.models
    assert (model.name, model.version, model.sha256, model.runtime) == ("voices", "1.2", "a" * 64, "test 3")
    assert (seconds(summary.usage.wall_time), seconds(summary.usage.media_duration)) == (0.5, 10.0)


def test_what_is_not_known_is_absent() -> None:
    (message,) = wire.messages(NOBODY, 0.1)
    for field in (
        "response_latency",
        "speaker_confidence",
        "silhouette",
        "speech_level_dbfs",
        "snr_db",
        "integrated_loudness_lufs",
    ):
        assert not message.summary.HasField(field)
    assert message.summary.speaker_count == 0


def test_progress() -> None:
    message = wire.progress(Progress(0.5, 3.25))
    assert (message.progress.fraction, seconds(message.progress.position)) == (0.5, 3.25)
