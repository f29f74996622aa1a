"""From the analysis to protobuf."""

from __future__ import annotations

from collections.abc import Iterator

from interview.audio.v1 import audio_service_pb2 as pb

from servicekit.wire import (
    Progress,
    duration,
    model_message,
    progress_message,
    span_message,
    track_message,
    usage_message,
)
from services.audio.model import AudioResult, Scope, Speaker


def scope(request: pb.AnalyzeRequest) -> Scope:
    """What may be measured."""
    return Scope(voices=not request.limits.skip_voices, identity=not request.limits.skip_identity)


def progress(value: Progress) -> pb.AnalyzeResponse:
    """How far the call has come."""
    return pb.AnalyzeResponse(progress=progress_message(value))


def messages(result: AudioResult, wall_time_s: float) -> Iterator[pb.AnalyzeResponse]:
    """Everything that was found, then the summary."""
    for span in result.speech:
        yield pb.AnalyzeResponse(speech=span_message(span))
    for span in result.pauses:
        yield pb.AnalyzeResponse(pause=span_message(span))
    for turn in result.voices.turns:
        yield pb.AnalyzeResponse(turn=pb.SpeakerTurn(span=span_message(turn.span), speaker=turn.speaker))
    for span in result.voices.overlaps:
        yield pb.AnalyzeResponse(overlap=span_message(span))
    yield pb.AnalyzeResponse(summary=_summary(result, wall_time_s))


def _summary(result: AudioResult, wall_time_s: float) -> pb.AudioSummary:
    voices, levels = result.voices, result.levels
    return pb.AudioSummary(
        total_duration=duration(result.total_s),
        speaking_duration=duration(sum(s.duration_s for s in result.speech)),
        pause_count=len(result.pauses),
        response_latency=duration(result.speech[0].start_s) if result.speech else None,
        speaker_count=len(voices.speakers),
        speaker_confidence=voices.confidence,
        silhouette=voices.silhouette,
        speakers=[_speaker(s) for s in voices.speakers],
        speech_level_dbfs=levels.speech_dbfs,
        snr_db=levels.snr_db,
        integrated_loudness_lufs=levels.integrated_lufs,
        clipping_ratio=levels.clipping_ratio,
        nonsilent_duration=duration(levels.nonsilent_s),
        models=[model_message(m) for m in result.models],
        usage=usage_message(wall_time_s, result.total_s),
        missing=[span_message(span) for span in result.missing],
        track=track_message(result.track),
        course_dbfs=levels.course_dbfs,
    )


def _speaker(value: Speaker) -> pb.SpeakerShare:
    return pb.SpeakerShare(
        speaker=value.speaker,
        speaking_time=duration(value.speaking_s),
        share=value.share,
        embedding=value.embedding,
        pitch_hz=value.pitch_hz,
    )
