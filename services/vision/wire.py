"""Between protobuf and the vision service's plain values."""

from __future__ import annotations

from interview.vision.v1 import vision_service_pb2 as pb

from servicekit.wire import (
    Progress,
    duration,
    model_message,
    progress_message,
    span_message,
    track_message,
    usage_message,
)
from services.vision.model import Event, Expression, Scope, Screening, Still, Timeline, VisionEvent, VisionResult

UNMEASURED = Expression(None, None, None, None, None, False)


def scope(request: pb.AnalyzeRequest) -> Scope:
    """What may be measured."""
    return Scope(expression=not request.limits.skip_expression, identity=not request.limits.skip_identity)


def message(value: Event, wall_time_s: float) -> pb.AnalyzeResponse:
    """Anything that a pass gives; the time is how long the call has taken so far."""
    match value:
        case Progress():
            return pb.AnalyzeResponse(progress=progress_message(value))
        case Timeline():
            return timeline(value)
        case VisionEvent():
            return vision_event(value)
        case Still():
            return still(value)
        case VisionResult():
            return summary(value, wall_time_s)


def timeline(value: Timeline) -> pb.AnalyzeResponse:
    """A chunk of rows."""
    return pb.AnalyzeResponse(
        timeline=pb.TimelineChunk(
            offset_s=value.offset_s.tolist(),
            face_count=value.face_count.tolist(),
            yaw_deg=value.yaw_deg.tolist(),
            pitch_deg=value.pitch_deg.tolist(),
            roll_deg=value.roll_deg.tolist(),
            gaze_horizontal_deg=value.gaze_horizontal_deg.tolist(),
            gaze_vertical_deg=value.gaze_vertical_deg.tolist(),
            eye_aspect_ratio=value.eye_aspect_ratio.tolist(),
            mouth_opening=value.mouth_opening.tolist(),
        )
    )


def vision_event(value: VisionEvent) -> pb.AnalyzeResponse:
    """Something that happened."""
    event = pb.VisionEvent(
        type=pb.VisionEventType.ValueType(int(value.kind)),
        span=span_message(value.span),
        direction=pb.Direction.ValueType(int(value.direction)),
        strength=value.strength,
        confidence=value.confidence,
    )
    return pb.AnalyzeResponse(vision_event=event)


def still(value: Still) -> pb.AnalyzeResponse:
    """The picture of an event."""
    return pb.AnalyzeResponse(
        still=pb.Still(offset=duration(value.offset_s), event_index=value.event_index, jpeg=value.jpeg)
    )


def summary(result: VisionResult, wall_time_s: float) -> pb.AnalyzeResponse:
    """The last message."""
    expression = result.expression or UNMEASURED
    return pb.AnalyzeResponse(
        summary=pb.VisionSummary(
            frame_count=result.frame_count,
            analyzed_frame_count=result.analyzed_frame_count,
            frame_rate_hz=result.frame_rate_hz,
            width_px=result.width_px,
            height_px=result.height_px,
            face_present_ratio=result.face_present_ratio,
            multiple_faces_ratio=result.multiple_faces_ratio,
            blink_count=result.blink_count,
            blink_rate_per_minute=result.blink_rate_per_minute,
            eye_contact_ratio=result.eye_contact_ratio,
            gaze_stability=result.gaze_stability,
            smile_intensity=expression.smile_intensity,
            smile_variation=expression.smile_variation,
            eyebrow_movement_range=expression.eyebrow_movement_range,
            baseline_smile_intensity=expression.baseline_smile_intensity,
            baseline_eyebrow_position=expression.baseline_eyebrow_position,
            calibration_applied=expression.calibration_applied,
            head_movement_intensity=result.head_movement_intensity,
            screening=_screening(result.screening),
            face_descriptor=result.face_descriptor,
            described_look_count=result.described_looks,
            missing=[span_message(span) for span in result.missing],
            track=track_message(result.track),
            models=[model_message(m) for m in result.models],
            usage=usage_message(wall_time_s, result.duration_s),
        )
    )


def _screening(value: Screening) -> pb.FrameScreening:
    return pb.FrameScreening(
        suspicious_frames=value.suspicious_frames,
        suspicious_percent=value.suspicious_percent,
        average_confidence=value.average_confidence,
        min_confidence=value.min_confidence,
        max_confidence=value.max_confidence,
    )
